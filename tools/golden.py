"""Makes the stored answers ("goldens") of tests/layers/*.py with real Keras, and checks that they are up to date.

    tools/golden.py NAME...    makes the goldens of tests/layers/NAME.py, all files when no name is given
    tools/golden.py --check    tells stale or missing goldens, exit status 1 if any; plain Python 3, no TensorFlow

Making runs in the interpreter at hand if it has what tools/golden-requirements.txt pins, else in `.venv-golden`, which
is created (see tools/golden_env.py). It is deterministic: weights and inputs are seeded by the file's name, time stamps
are fixed, so a file changes only if its cases or the pinned versions change.

A case file is Python with `keras`, `np`, `case` and `reject` given (tests/layers/README.md). All its cases become one
Keras model, written to tests/golden/layers/:
    NAME.keras, NAME.h5   the model; only one where Keras cannot write the other
    NAME.npz              input_0.. and output_0.. in the model's order; bfloat16 is stored as float32
    NAME.json             per case: layer, why, tol (null: the runner's default), the numbers of its inputs and outputs
    NAME.rejected.json    list of {config, code, change}: whole model configs that must be refused with that code
A file named *_keras2.py is given tf_keras, the last Keras 2, as `keras`: it makes what Keras 2 writes.
tests/golden/ORIGIN.json holds the versions and, per case file, its SHA-256 and the files made from it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys

import golden_env

CASES = golden_env.ROOT / "tests" / "layers"
GOLDEN = golden_env.ROOT / "tests" / "golden"
ORIGIN = GOLDEN / "ORIGIN.json"


def read_origin() -> dict:
    """What ORIGIN.json says; an empty record if there is none yet."""
    return json.loads(ORIGIN.read_text()) if ORIGIN.exists() else {"versions": {}, "layers": {}}


def digest(name: str) -> str:
    """SHA-256 of the case file NAME, in hex."""
    return hashlib.sha256((CASES / f"{name}.py").read_bytes()).hexdigest()


def case_names() -> list[str]:
    """Names of all case files, sorted."""
    return sorted(path.stem for path in CASES.glob("*.py"))


def problems() -> list[str]:
    """One sentence per case file or golden that is missing, stale or left over."""
    origin = read_origin()
    known = origin["layers"]
    found = []
    versions = {name: golden_env.pinned()[name] for name in origin["versions"]}
    if versions != origin["versions"]:
        found.append(f"goldens were made with {origin['versions']}, {golden_env.REQUIREMENTS.name} pins {versions}")
    for name in case_names():
        if name not in known:
            found.append(f"tests/layers/{name}.py has no golden: run tools/golden.py {name}")
        elif known[name]["sha256"] != digest(name):
            found.append(f"tests/layers/{name}.py changed after its golden was made: run tools/golden.py {name}")
    expected = {GOLDEN / "layers" / file for entry in known.values() for file in entry["files"]}
    present = set((GOLDEN / "layers").glob("*"))
    found += [f"{path.relative_to(golden_env.ROOT)} is missing" for path in sorted(expected - present)]
    found += [f"{path.relative_to(golden_env.ROOT)} belongs to no case file" for path in sorted(present - expected)]
    found += [f"ORIGIN.json names {name}, which has no case file" for name in sorted(set(known) - set(case_names()))]
    return found


def record(name: str, files: list[str]) -> None:
    """Notes in ORIGIN.json that the golden of NAME is made of `files`, and drops case files that are gone."""
    origin = read_origin()
    pinned = golden_env.pinned()
    origin["versions"] = {package: pinned[package] for package in ("keras", "numpy", "tensorflow-cpu", "tf_keras")}
    origin["layers"][name] = {"sha256": digest(name), "files": sorted(files)}
    origin["layers"] = {key: origin["layers"][key] for key in sorted(origin["layers"]) if key in case_names()}
    ORIGIN.parent.mkdir(parents=True, exist_ok=True)
    ORIGIN.write_text(json.dumps(origin, indent=1) + "\n")


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
    unknown = sorted(set(arguments.names) - set(case_names()))
    if unknown:
        sys.exit(f"no case file tests/layers/{unknown[0]}.py")
    golden_env.enter()
    import golden_build

    for name in arguments.names or case_names():
        files = golden_build.build(CASES / f"{name}.py", GOLDEN / "layers")
        record(name, files)
        size = sum((GOLDEN / "layers" / file).stat().st_size for file in files)
        print(f"{name}: {', '.join(files)}, {size / 1000:.1f} kB", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
