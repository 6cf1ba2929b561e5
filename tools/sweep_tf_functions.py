"""Tells which functions of TensorFlow a functional model of tf_keras can hold and save, and what Cornu does with each.

    tools/sweep_tf_functions.py [NAME...]      NAME: "tf.image" or "tf.image.rot90"; default: all namespaces

Every public function of the namespaces below is called on symbolic tensors with arguments that it may take. What becomes a model
that tf_keras saves as HDF5, loads and answers goes through Cornu: right, wrong, or refused with its message. Runs in an interpreter
with what tools/golden-requirements.txt pins, at hand or .venv-golden; Cornu's Python package of .venv answers.
"""

from __future__ import annotations

import inspect
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import golden_env

NAMESPACES = ["tf", "tf.math", "tf.nn", "tf.image", "tf.linalg", "tf.signal", "tf.strings", "tf.bitwise", "tf.keras.backend"]
ANSWER = """
import json, sys
import numpy as np
from cornu import keras

def texts(array):
    return [item.decode("utf-8", "replace") if isinstance(item, bytes) else item for item in array.ravel().tolist()]

def difference(y, z):
    if y.shape != z.shape:
        raise ValueError(f"shape {y.shape}, not {z.shape}")
    if z.dtype.kind in "SU":
        return float(texts(y) != texts(z))
    y, z = y.astype(complex), z.astype(complex)
    both = np.isfinite(z)
    return float(np.abs(np.where(both, y - z, 0)).max(initial=0) / max(np.abs(np.where(both, z, 0)).max(initial=0), 1e-6))

for name in json.load(open(sys.argv[1])):
    with np.load(name + ".npz") as stored:
        inputs, wanted = ([stored[k] for k in sorted(stored.files) if k[0] == kind] for kind in "xy")
    try:
        model = keras.models.load_model(name + ".h5")
        answers = model.predict_on_batch(inputs if len(inputs) > 1 else inputs[0])
        answers = answers if isinstance(answers, list) else [answers]
        worst = max(difference(y, z) for y, z in zip(answers, wanted, strict=True))
        print(json.dumps([name, "right" if worst <= 1e-4 else f"WRONG by {worst:.2g}"]), flush=True)
    except BaseException as error:
        print(json.dumps([name, f"{type(error).__name__}: {error}"]), flush=True)
"""
LITERALS: list[list[Any]] = [
    [1], [2], [0.5], [-1], [[1]], [[2, 2]], [(1, 2)], ["float32"], [2, 2], [2, 1], [[3, 3]], [[1, 1], [[1, 1], [1, 1]]], [0.5, 0.2],
]  # fmt: skip


def candidates(tf: Any, keras: Any, np: Any) -> list[tuple[list[Any], list[Any], dict[str, Any]]]:
    """Inputs, positional arguments and keyword arguments to try; data for the inputs beside."""
    rng = np.random.default_rng(1)

    def source(shape: tuple[int, ...], dtype: str = "float32") -> tuple[Any, Any]:
        data = rng.uniform(0.1, 0.9, shape) if dtype == "float32" else rng.integers(0, 3, shape)
        return keras.Input(shape[1:], dtype=dtype), (data > 0 if dtype == "bool" else data).astype(dtype)

    images, matrix, row = source((2, 4, 4, 3)), source((2, 3, 3)), source((2, 6))
    other_row, whole, steps, flags = source((2, 6)), source((2, 6), "int32"), source((2, 8, 3)), source((2, 6), "bool")
    more: list[tuple[list[Any], list[Any], dict[str, Any]]] = []
    for first in (row, images, matrix, whole, steps, flags):
        x = first[0]
        more.append(([first], [x], {}))
        for literals in LITERALS:
            more.append(([first], [x, *literals], {}))
        more.append(([first], [[x, x]], {}))
        more.append(([first], [x, x], {}))
        more.append(([first], [x, x, x], {}))
    more.append(([row, other_row], [row[0], other_row[0]], {}))
    more.append(([row, whole], [row[0], whole[0]], {}))
    more.append(([row, whole], [whole[0], row[0]], {}))
    more.append(([flags, row], [flags[0], row[0], row[0]], {}))
    text = (keras.Input((2,), dtype="string"), np.array([["Ab c", "1.5"], ["", "x,y z"]], object))
    for extra in ([], ["b"], [3], ["a", "c"], [1, 2], [[text[0]]]):
        more.append(([text], [text[0], *extra], {}))
    return more


def functions(tf: Any, wanted: list[str]) -> list[tuple[str, Any]]:
    """Names and functions of the namespaces, each function once."""
    found: dict[int, tuple[str, Any]] = {}
    for space in NAMESPACES:
        module = tf
        for part in space.split(".")[1:]:
            module = getattr(module, part)
        for name in sorted(dir(module)):
            thing = getattr(module, name, None)
            full = f"{space}.{name}"
            if name.startswith("_") or not callable(thing) or inspect.isclass(thing):
                continue
            if not wanted or any(full == item or space == item for item in wanted):
                found.setdefault(id(thing), (full, thing))
    return list(found.values())


def first_model(function: Any, tries: list[Any], keras: Any, np: Any, path: str) -> bool:
    """Saves the model of the first arguments that the function takes, with its answers; False if there are none."""
    for inputs, args, kwargs in tries:
        try:
            y = function(*args, **kwargs)
            outputs = [item for item in (y if isinstance(y, (list, tuple)) else [y]) if keras.backend.is_keras_tensor(item)]
            if not outputs or len(outputs) > 8:
                continue
            model = keras.Model([symbol for symbol, _ in inputs], outputs)
            data = [value for _, value in inputs]
            model.save(path + ".h5")
            keras.models.load_model(path + ".h5", compile=False)
            answers = model(data if len(data) > 1 else data[0])
            answers = [np.asarray(item) for item in (answers if isinstance(answers, (list, tuple)) else [answers])]
            stored = {f"x{i:02}": v.astype("S") if v.dtype == object else v for i, v in enumerate(data)}
            stored |= {f"y{i:02}": v.astype("S") if v.dtype == object else v for i, v in enumerate(answers)}
            np.savez(path + ".npz", **stored)
        except BaseException:  # the function takes something else, or the answer is ragged or sparse
            continue
        return True
    return False


def main() -> int:
    """Prints a line for each function that is not right, then counts; exit status 1 if any is wrong."""
    golden_env.enter()
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    os.environ["TF_USE_LEGACY_KERAS"] = "1"
    import numpy as np
    import tf_keras as keras

    import tensorflow as tf

    with tempfile.TemporaryDirectory() as folder:
        tries = candidates(tf, keras, np)
        names: dict[str, str] = {}
        for name, function in functions(tf, sys.argv[1:]):
            path = str(Path(folder) / name)
            if first_model(function, tries, keras, np, path):
                names[path] = name
        listed = Path(folder) / "names.json"
        listed.write_text(json.dumps(list(names)))
        python = golden_env.ROOT / ".venv" / "bin" / "python"
        done = subprocess.run([str(python), "-c", ANSWER, str(listed)], capture_output=True, text=True, check=False, cwd=folder)
        results = [json.loads(line) for line in done.stdout.splitlines()]
    for path, verdict in results:
        if verdict != "right":
            print(f"{names[path]}: {verdict[:200]}")
    right = sum(verdict == "right" for _, verdict in results)
    wrong = sum(verdict.startswith("WRONG") for _, verdict in results)
    print(f"{len(names)} functions are saved by tf_keras: {right} right, {wrong} wrong, {len(results) - right - wrong} refused")
    if len(results) != len(names):
        print(f"Cornu ended early: {done.stderr[-300:]}")
    return int(wrong > 0 or len(results) != len(names))


if __name__ == "__main__":
    sys.exit(main())
