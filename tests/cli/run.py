#!/usr/bin/env python3
"""Runs the command lines of tests/cli/*.txt and compares what they print with what the files say.

A case is a paragraph (blank lines separate them):
    # one sentence: the situation, then the outcome
    $ cornu inspect missing.h5
    lines of standard output
    ! lines of standard error
    [2]
The status is 0 if the last line is missing. `<*>` inside a line stands for any text, a line `<...>` for any lines.
Cases run through bash, in order, in a temporary folder per file that holds what make_files() puts there.

    tests/cli/run.py [--cornu PATH] [--update] [FILE...]

--update rewrites the expected lines of cases that failed; read the difference before you keep it.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
LIMIT_S = 120  # of one case, for a loaded machine


@dataclasses.dataclass
class Case:
    """One paragraph of a test file."""

    title: list[str]
    command: str
    expected: list[str]


def read_cases(path: Path) -> list[Case]:
    """The paragraphs of a test file."""
    cases = []
    for paragraph in re.split(r"\n\s*\n", path.read_text().strip()):
        lines = paragraph.splitlines()
        at = next((i for i, line in enumerate(lines) if line.startswith("$ ")), None)
        if at is None:
            sys.exit(f"{path}: a paragraph has no command: {lines[0]}")
        cases.append(Case(lines[:at], lines[at][2:], lines[at + 1 :]))
    return cases


def write_cases(path: Path, cases: list[Case]) -> None:
    """The inverse of read_cases()."""
    paragraphs = ["\n".join([*case.title, f"$ {case.command}", *case.expected]) for case in cases]
    path.write_text("\n\n".join(paragraphs) + "\n")


def make_files(folder: Path) -> None:
    """What the cases work on: the digits model, wrong inputs for it, and files that are no models."""
    digits = ROOT / "examples" / "digits"
    for name in ("digits.h5", "digits.keras", "digits.npz"):
        shutil.copy(digits / name, folder / name)
    shutil.copytree(digits / "digits_saved_model", folder / "saved_model")
    for name in ("endless", "several"):
        shutil.copytree(ROOT / "tests" / "golden" / "saved_model" / name, folder / name)
    np.savez(folder / "one.npz", x=np.float32(1))
    with np.load(digits / "digits.npz") as arrays:
        images = arrays["input_0"]
    np.save(folder / "images.npy", images)
    np.save(folder / "three.npy", images[:3])
    np.save(folder / "none.npy", images[:0])
    np.save(folder / "rows.npy", images.reshape(len(images), 64))
    np.save(folder / "words.npy", np.array([["a", "b"]]))
    np.savez(folder / "by_name.npz", image=images)
    np.savez(folder / "wrong_name.npz", picture=images)
    shutil.copy(digits / "digits.h5", folder / "digits.txt")
    shutil.copy(digits / "digits.h5", folder / "named_keras.keras")
    (folder / "empty.h5").touch()
    (folder / "folder").mkdir()
    (folder / "text.h5").write_text("not a model\n" * 100)
    (folder / "cut.h5").write_bytes((digits / "digits.h5").read_bytes()[:2000])


def run(command: str, folder: Path, cornu: Path) -> list[str]:
    """What the command gives, in the form of the expected lines."""
    path = f"{cornu.parent}:{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(["bash", "-c", command], cwd=folder, capture_output=True, text=True, errors="replace",
                          env=os.environ | {"PATH": path}, timeout=LIMIT_S, check=False)
    lines = [line if line else "<empty>" for line in done.stdout.splitlines()]
    lines += [f"! {line}" for line in done.stderr.splitlines()]
    return lines + ([f"[{done.returncode}]"] if done.returncode else [])


def matches(actual: list[str], expected: list[str]) -> bool:
    """True if the lines are those expected, `<*>` and `<...>` considered."""
    patterns = [".*" if line == "<...>" else re.escape(line).replace(re.escape("<*>"), "[^\n]*") for line in expected]
    return re.fullmatch("".join(f"(?:{p}\n)" if line != "<...>" else "(?:[^\n]*\n)*" for p, line in
                                zip(patterns, expected, strict=True)), "".join(f"{line}\n" for line in actual)) is not None


def run_file(path: Path, cornu: Path, update: bool) -> tuple[int, int]:
    """Passed and failed cases of one file."""
    cases, failed = read_cases(path), 0
    with tempfile.TemporaryDirectory() as name:
        make_files(Path(name))
        for case in cases:
            actual = run(case.command, Path(name), cornu)
            if matches(actual, case.expected):
                continue
            failed += 1
            print(f"{path.name}: {' '.join(case.title)}\n  $ {case.command}")
            print("  expected:", *[f"    {line}" for line in case.expected], sep="\n")
            print("  received:", *[f"    {line}" for line in actual], sep="\n")
            if update:
                case.expected = actual
    if update:
        write_cases(path, cases)
    return len(cases) - failed, failed


def main() -> int:
    parser = argparse.ArgumentParser(description="Runs the command line's tests.")
    parser.add_argument("files", nargs="*", type=Path, help="default: all of this folder")
    parser.add_argument("--cornu", type=Path, default=ROOT / "build/release/cornu", help="the program to run")
    parser.add_argument("--update", action="store_true", help="rewrite what failed")
    options = parser.parse_args()
    paths = options.files or sorted(HERE.glob("*.txt"))
    counts = [run_file(path, options.cornu.resolve(), options.update) for path in paths]
    passed, failed = (sum(column) for column in zip(*counts, strict=True))
    print(f"cli: {passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
