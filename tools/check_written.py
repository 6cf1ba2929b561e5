"""Converts models with `cornu convert` and lets real Keras 3, tf_keras (.h5) and TensorFlow answer for the results.

  .venv-golden/bin/python tools/check_written.py --cornu .venv/bin/cornu FOLDER...  [--to keras h5 saved_model] [--limit 1e-6]

A FOLDER holds models beside their inputs: NAME.h5 or NAME.keras with NAME.npz, NAME.h5 with NAME.h5.io.npz, or sub-folders with
origin.json and io.npz. Each result is compared with Cornu's own answers for the source: max|a - b| / max|b|, for outputs of
half types, or that pass through one (NAME.json tells), within their rounding. Prints one line for each model that is not right
and the counts; exit status 1 if a result is wrong or Keras refuses one.
"""

import argparse
import collections
import itertools
import json
import os
import pathlib
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from typing import NamedTuple

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras
import numpy as np
import tf_keras

import tensorflow as tf


class Case(NamedTuple):
    """A model, its inputs, and the config of a weights-only file."""

    model: pathlib.Path
    inputs: pathlib.Path
    config: pathlib.Path | None


def cases(folder: pathlib.Path) -> Iterator[Case]:
    """The models of a folder."""
    for path in sorted(folder.iterdir()):
        if path.is_dir() and (path / "origin.json").exists() and (path / "io.npz").exists():
            name = json.loads((path / "origin.json").read_text())["files"][0]
            name = name["file"] if isinstance(name, dict) else name
            if (path / name).is_file() and (path / name).suffix in (".h5", ".hdf5", ".keras"):
                others = [p for p in path.glob("*.json") if p.name != "origin.json"]
                yield Case(path / name, path / "io.npz", others[0] if others else None)
        elif path.suffix in (".h5", ".keras"):
            for answers in (path.with_name(path.name + ".io.npz"), path.with_suffix(".npz")):
                if answers.exists():
                    yield Case(path, answers, None)
                    break


def inputs(path: pathlib.Path) -> list[np.ndarray]:
    """The arrays input_0, input_1, ... of a .npz."""
    arrays = np.load(path)
    count = sum(name.startswith("input_") and name[6:].isdigit() for name in arrays.files)
    return [arrays[f"input_{i}"] for i in range(count)]


def flat(answers: object) -> list[np.ndarray]:
    """The arrays of what `predict` of Keras gave."""
    if isinstance(answers, dict):
        return [array for key in answers for array in flat(answers[key])]
    if isinstance(answers, (list, tuple)):
        return [array for item in answers for array in flat(item)]
    return [np.asarray(answers)]


def run(command: list[str]) -> str:
    """What a failed command says; empty if it did not fail."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stderr.strip() or f"status {done.returncode}"


class ServedModel:
    """serving_default of a SavedModel, called with arrays in the order of the model's inputs."""

    def __init__(self, path: str, names: list[str]) -> None:
        """Loads the folder; `names` are those of the model's inputs, in its order."""
        self._model = tf.saved_model.load(path)
        self._call = self._model.signatures["serving_default"]
        self._names = names

    def predict(self, x: np.ndarray | list[np.ndarray], **_: object) -> list[np.ndarray]:
        """The outputs in order."""
        given = [x] if len(self._names) == 1 else x
        specs = self._call.structured_input_signature[1]
        answers = self._call(**{n: tf.constant(v, specs[n].dtype) for n, v in zip(self._names, given, strict=True)})
        return [answers[f"output_{i}"].numpy() for i in range(len(answers))]


HALF = {"float16": 2e-3, "bfloat16": 1e-2}  # as tests/models/run.py


def limits(model: pathlib.Path, count: int, usual: float) -> list[float]:
    """The largest difference that each of `count` outputs may have: wider where the case of a golden says so."""
    found = [usual] * count
    described = model.with_suffix(".json")
    if described.exists() and isinstance(cases := json.loads(described.read_text()), list):
        for case in cases:
            for output in case.get("outputs", []) if case.get("tol") else []:
                found[output] = max(usual, case["tol"])
    return found


def difference(got: list[np.ndarray], expected: np.lib.npyio.NpzFile, limits: list[float]) -> str:
    """The worst output whose |a - b| / max|b| is beyond its limit; empty if there is none."""
    worst, text = 0.0, ""
    for i, (array, limit) in enumerate(zip(got, limits, strict=True)):
        reference = expected[f"output_{i}"]
        if array.shape != reference.shape:
            return f"output_{i} has shape {array.shape}, not {reference.shape}"
        if reference.dtype.kind in "SUOb" or not reference.size:
            same = reference.dtype.kind == "b" or [*map(bytes, array.flat)] == [*map(bytes, reference.flat)]
            if not same or (reference.dtype.kind == "b" and not np.array_equal(array, reference)):
                return f"output_{i} differs"
            continue
        a, b = array.astype("f8"), reference.astype("f8")
        if not np.array_equal(np.isfinite(a), np.isfinite(b)):
            return f"output_{i} is not finite where it should be, or the other way round"
        a, b = a[np.isfinite(b)], b[np.isfinite(b)]
        error = float(np.abs(a - b).max(initial=0) / max(np.abs(b).max(initial=0), 1e-6))
        if error > max(limit, HALF.get(str(array.dtype), 0)) and error > worst:
            worst, text = error, f"differs by {error:.1e} in output_{i} {array.dtype}"
    return text


def check(cornu: str, case: Case, target: pathlib.Path, loaders: dict[str, Callable], limit: float) -> dict[str, str]:
    """What each reader made of one result: "ok", or what is wrong."""
    extra = ["--config", str(case.config)] if case.config else []
    if refused := run([cornu, "convert", str(case.model), str(target), "--to", target.suffix[1:], *extra]):
        return {"convert": f"refused: {refused}"}
    own = target.with_name("own.npz")
    if refused := run([cornu, "predict", str(case.model), str(case.inputs), "-o", str(own), *extra]):
        return {"predict": f"refused: {refused}"}
    given = inputs(case.inputs)
    if target.suffix == ".saved_model":
        inspected = subprocess.run([cornu, "inspect", str(case.model), "--json", *extra], capture_output=True, check=True)
        names = [port["name"] for port in json.loads(inspected.stdout)["inputs"]]
        loaders = {"tensorflow": lambda path, **_: ServedModel(path, names)}
    outcome = {}
    for name, load in loaders.items():
        try:
            loaded = load(str(target), compile=False)
            got = flat(loaded.predict(given[0] if len(given) == 1 else given, verbose=0, batch_size=len(given[0])))
            outcome[name] = difference(got, np.load(own), limits(case.model, len(got), limit)) or "ok"
        except Exception as error:  # whatever the reader raises is its answer
            outcome[name] = "refused: " + " ".join(str(error).split())[:300]
    return outcome


def main() -> int:
    """Checks all models of the folders; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=pathlib.Path)
    parser.add_argument("--cornu", required=True)
    parser.add_argument("--to", nargs="+", default=["keras", "h5", "saved_model"])
    parser.add_argument("--limit", type=float, default=1e-6)
    parser.add_argument("--every", type=int, default=1, help="take each n-th model only")
    args = parser.parse_args()
    counts: collections.Counter[str] = collections.Counter()
    failed = False
    with tempfile.TemporaryDirectory() as name:
        chosen = [case for folder in args.folders for case in cases(folder)][:: args.every]
        for case, to in itertools.product(chosen, args.to):
            loaders = {"keras": keras.models.load_model}
            if to == "h5":
                loaders["tf_keras"] = tf_keras.models.load_model
            target = pathlib.Path(name) / f"result.{to}"
            for reader, outcome in check(args.cornu, case, target, loaders, args.limit).items():
                counts[f"{to}, {reader}: {outcome.split(':')[0].split(' by')[0]}"] += 1
                if outcome != "ok":
                    print(f"{case.model}: {to}, {reader}: {outcome}", flush=True)
                failed |= reader != "tf_keras" and outcome != "ok"
    for what, count in sorted(counts.items()):
        print(f"{count:5} {what}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
