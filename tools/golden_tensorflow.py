"""Makes the stored answers of tests/tensorflow/*.py with real TensorFlow, and checks that they are up to date.

    tools/golden_tensorflow.py NAME...    makes the goldens of tests/tensorflow/NAME.py, all files without a name
    tools/golden_tensorflow.py --check    tells stale or missing goldens; plain Python 3, no TensorFlow

A case file is Python with `tf`, `np` and `case` given (tests/tensorflow/README.md). All its cases go into one frozen
graph, written to tests/golden/tensorflow/:
    NAME.pb    a GraphDef; case 3 has the placeholders case3/in0, ... and the results case3/out0, ...
    NAME.npz   the same names: what goes in and what TensorFlow answers; bfloat16 is stored as float32
    NAME.json  SHA-256 of the case file, version of TensorFlow, and per case: why, tol, inputs, outputs, compare
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import golden_env

CASES = golden_env.ROOT / "tests" / "tensorflow"
GOLDEN = golden_env.ROOT / "tests" / "golden" / "tensorflow"
ENDINGS = (".pb", ".npz", ".json")


def digest(name: str) -> str:
    """SHA-256 of the case file NAME, in hex."""
    return hashlib.sha256((CASES / f"{name}.py").read_bytes()).hexdigest()


def case_names() -> list[str]:
    """Names of all case files, sorted."""
    return sorted(path.stem for path in CASES.glob("*.py"))


def problems() -> list[str]:
    """One sentence per golden that is missing, stale or left over."""
    found = []
    for name in case_names():
        missing = [ending for ending in ENDINGS if not (GOLDEN / (name + ending)).exists()]
        if missing or json.loads((GOLDEN / f"{name}.json").read_text())["sha256"] != digest(name):
            found.append(f"the golden of tests/tensorflow/{name}.py is stale: run tools/golden_tensorflow.py {name}")
    names = set(case_names())
    return found + [f"{path.relative_to(golden_env.ROOT)} belongs to no case file"
                    for path in sorted(GOLDEN.glob("*")) if path.stem not in names]


@dataclass
class Case:
    """A function of tensors and what goes into it. See `case`."""

    function: Callable[..., Any]
    inputs: Sequence[Any]
    why: str
    tol: float | None
    declared: Sequence[Any] | None
    compare: str


def build(name: str) -> None:
    """Makes the golden of one case file."""
    import ml_dtypes
    import numpy as np

    import tensorflow as tf

    rng = np.random.default_rng(zlib.crc32(name.encode()))

    def case(function: Callable[..., Any], *inputs: Any, why: str = "", tol: float | None = None,
             declared: Sequence[Any] | None = None, compare: str = "values") -> Case:
        """Declares one case.

        Args:
            function: from tensors to a tensor, or a list or tuple of tensors
            inputs: arrays, or shapes (tuples of sizes) of normally distributed float32 numbers
            why: what the case is there for, shown when it fails
            tol: tolerance relative to the largest magnitude of the output, in place of the runner's default
            declared: shapes of the placeholders; without it all sizes are unknown, and only the ranks known
            compare: "values", or "type" for random results: shape and type only
        """
        data = [rng.normal(size=x).astype(np.float32) if isinstance(x, tuple) else np.asarray(x) for x in inputs]
        return Case(function, data, why, tol, declared, compare)

    scope: dict[str, Any] = {"tf": tf, "np": np, "case": case, "bfloat16": ml_dtypes.bfloat16}
    exec(compile((CASES / f"{name}.py").read_text(), f"{name}.py", "exec"), scope)  # our own test file
    arrays: dict[str, np.ndarray] = {}
    facts = []
    graph = tf.Graph()
    feeds: dict[str, np.ndarray] = {}
    with graph.as_default():
        for number, entry in enumerate(scope["CASES"]):
            sources = []
            for i, data in enumerate(entry.inputs):
                shape = entry.declared[i] if entry.declared else [None] * data.ndim
                kind = tf.string if data.dtype.kind in "SUO" else tf.as_dtype(data.dtype)
                sources.append(tf.compat.v1.placeholder(kind, shape, name=f"case{number}/in{i}"))
                feeds[f"case{number}/in{i}:0"] = data
            results = entry.function(*sources)
            results = list(results) if isinstance(results, (list, tuple)) else [results]
            for i, result in enumerate(results):
                tf.identity(result, name=f"case{number}/out{i}")
            facts.append({"why": entry.why, "tol": entry.tol, "inputs": len(sources), "outputs": len(results),
                          "compare": entry.compare})
        wanted = [f"case{n}/out{i}:0" for n, fact in enumerate(facts) for i in range(fact["outputs"])]
        with tf.compat.v1.Session(graph=graph) as session:
            initializers = tf.compat.v1.get_collection(tf.compat.v1.GraphKeys.TABLE_INITIALIZERS)
            session.run(initializers)
            answers = dict(zip(wanted, session.run(wanted, feeds), strict=True))
    for key, value in [*feeds.items(), *answers.items()]:
        array = np.asarray(value)
        if array.dtype == ml_dtypes.bfloat16:
            array = array.astype(np.float32)
        arrays[key.removesuffix(":0")] = array.astype("S") if array.dtype.kind == "O" else array
    GOLDEN.mkdir(parents=True, exist_ok=True)
    definition = graph.as_graph_def(add_shapes=False)
    definition.ClearField("versions")
    (GOLDEN / f"{name}.pb").write_bytes(definition.SerializeToString(deterministic=True))
    np.savez(GOLDEN / f"{name}.npz", **arrays)
    record = {"sha256": digest(name), "tensorflow": tf.__version__, "cases": facts}
    (GOLDEN / f"{name}.json").write_text(json.dumps(record, indent=1) + "\n")
    size = sum((GOLDEN / (name + ending)).stat().st_size for ending in ENDINGS)
    print(f"{name}: {len(facts)} cases, {size / 1000:.1f} kB", flush=True)


def main() -> int:
    """Runs the command line; returns the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="case file without .py; default: all")
    parser.add_argument("--check", action="store_true", help="only report stale or missing goldens")
    arguments = parser.parse_args()
    if arguments.check:
        found = problems()
        print("\n".join(found) or f"{len(case_names())} case files, every golden is up to date")
        return 1 if found else 0
    golden_env.enter()
    for name in arguments.names or case_names():
        build(name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
