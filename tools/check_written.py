"""Converts models with `cornu convert` and lets real Keras 3, tf_keras (.h5) and TensorFlow answer for the results.

  .venv-golden/bin/python tools/check_written.py --cornu .venv/bin/cornu FOLDER...  [--to keras h5 saved_model] [--limit 1e-6]

A FOLDER holds models beside their inputs: NAME.h5 or NAME.keras with NAME.npz, NAME.h5 with NAME.h5.io.npz, or sub-folders with
origin.json and io.npz. Each result is compared with Cornu's own answers for the source: max|a - b| / max|b|. Prints one line for
each model that is not right and the counts; exit status 1 if a result is wrong or Keras refuses one.
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


def difference(got: list[np.ndarray], expected: np.lib.npyio.NpzFile) -> float:
    """Largest |a - b| / max|b| of all outputs."""
    worst = 0.0
    for i, array in enumerate(got):
        reference = expected[f"output_{i}"].astype("f8")
        worst = max(worst, float(np.abs(array - reference).max() / max(np.abs(reference).max(), 1e-6)))
    return worst


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
            worst = difference(got, np.load(own))
            outcome[name] = "ok" if worst <= limit else f"differs by {worst:.1e}"
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
