"""Strips SavedModels with `cornu strip` and lets real TensorFlow load source and result: same bits, and how much faster.

  .venv-golden/bin/python tools/check_stripped.py --cornu .venv/bin/cornu FOLDER... [--loads 5] [--options no-proof]

A FOLDER is a SavedModel, or holds some, at any depth. Every signature that runs on random inputs is compared, bit by bit, in
TensorFlow 2 and in a session, which is what TF Serving does; what TensorFlow does not run for the source is left out. Load
times are the medians of --loads loads by turns in one process. Prints one line a model: bytes and seconds before and after;
exit status 1 if a result differs or does not load.
"""

import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import numpy as np

import tensorflow as tf


def random(spec: tf.TensorSpec) -> tf.Tensor:
    """Input for an argument; free sizes are 2."""
    rank = spec.shape.rank
    shape = [] if rank is None else [2 if size is None else size for size in spec.shape]
    if spec.dtype == tf.string:
        return tf.constant(np.full(shape, b"a"))
    values = np.random.default_rng(1).random(shape) * (1 if spec.dtype.is_floating else 3)
    return tf.cast(tf.constant(values), spec.dtype)


def same(a: tf.Tensor, b: tf.Tensor) -> bool:
    """Whether two answers have the same bits."""
    return a.dtype == b.dtype and a.numpy().tobytes() == b.numpy().tobytes()


def timed_load(path: pathlib.Path) -> tuple[object, float]:
    """The loaded model, and the seconds that took."""
    begin = time.perf_counter()
    model = tf.saved_model.load(str(path))
    return model, time.perf_counter() - begin


def served(path: pathlib.Path, name: str, inputs: dict[str, tf.Tensor]) -> dict[str, np.ndarray] | None:
    """The answers of a signature in a session; None if it does not run there."""
    v1 = tf.compat.v1
    with v1.Graph().as_default(), v1.Session() as session:
        try:
            signature = v1.saved_model.load(session, ["serve"], str(path)).signature_def[name]
            feed = {signature.inputs[key].name: value.numpy() for key, value in inputs.items()}
            return session.run({key: info.name for key, info in signature.outputs.items()}, feed)
        except (tf.errors.OpError, KeyError, ValueError):
            return None


def compare(source: pathlib.Path, target: pathlib.Path, loads: int) -> str:
    """The line of one model."""
    try:
        tf.saved_model.load(str(source))
    except (tf.errors.OpError, ValueError) as error:
        return "ok: TensorFlow 2 does not load the source: " + " ".join(str(error).split())[:80]
    seconds = [(timed_load(source)[1], timed_load(target)[1]) for _ in range(loads)]
    before, after = tf.saved_model.load(str(source)), tf.saved_model.load(str(target))
    compared, sessions = [], 0
    for name, call in before.signatures.items():
        inputs = {key: random(spec) for key, spec in call.structured_input_signature[1].items()}
        try:
            answers = call(**inputs)
        except tf.errors.OpError:
            continue
        others = after.signatures[name](**inputs)
        if not all(same(answers[key], others[key]) for key in answers):
            return f"signature {name} differs"
        compared.append(name)
        if (answers := served(source, name, inputs)) is not None:
            others = served(target, name, inputs) or {}
            if not all(key in others and others[key].tobytes() == answer.tobytes() for key, answer in answers.items()):
                return f"signature {name} differs in a session"
            sessions += 1
    size = [sum(file.stat().st_size for file in path.rglob("*") if file.is_file()) for path in (source, target)]
    medians = [statistics.median(times) for times in zip(*seconds, strict=True)]
    return (
        f"ok: {size[0] / 1e3:.0f} -> {size[1] / 1e3:.0f} kB, TensorFlow loads it in {medians[0]:.3f} -> {medians[1]:.3f} s "
        f"({medians[0] / medians[1]:.1f} times as fast), {len(compared)} signatures equal, {sessions} of them in a session too"
    )


def main() -> int:
    """Checks all of the folders; the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folders", nargs="+", type=pathlib.Path)
    parser.add_argument("--cornu", required=True)
    parser.add_argument("--loads", type=int, default=5)
    parser.add_argument("--options", nargs="*", default=[], help="for cornu strip, without the dashes")
    args = parser.parse_args()
    failed = False
    models = sorted({path.parent for folder in args.folders for path in folder.rglob("saved_model.pb")})
    for model in models:
        with tempfile.TemporaryDirectory() as name:
            target = pathlib.Path(name) / "stripped"
            command = [args.cornu, "strip", str(model), str(target), *(f"--{option}" for option in args.options)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                print(f"{model}: refused: {done.stderr.strip()[:300]}", flush=True)
                continue
            try:
                line = compare(model, target, args.loads)
            except Exception as error:  # whatever TensorFlow raises is its answer
                line = "refused by TensorFlow: " + " ".join(str(error).split())[:300]
            failed |= not line.startswith("ok")
            print(f"{model}: {line}", flush=True)
            shutil.rmtree(target, ignore_errors=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
