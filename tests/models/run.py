#!/usr/bin/env python3
"""Runs `cornu predict` on every model of a folder and compares with the answers stored beside each model.

The folder holds one sub-folder per model (origin.json: `files[0].file` is the model to load; io.npz: `input_0`...,
`output_0`...; a weights-only file has its Keras config in a further .json file), and may hold `suite-keras/`, a flat
folder of `<file>.h5` beside `<file>.h5.io.npz`. Files NAME.h5 and NAME.keras beside a NAME.npz are models as well (what
tools/make_applications.py makes). A SavedModel with several signatures has one io_<signature>.npz each. A folder with an
index.json holds frozen graphs NAME.pb with NAME.npz (`in_<placeholder>`, `out_<tensor>`). A model without stored answers
has no reference: it must be refused.

What a model gave is one word: `ok` (relative error <= the aim), `near` (<= the pass mark), `wrong`, `refused:<code>`
(one line on standard error and a known exit status), `crash` (anything else). `--expected FILE` names the list of what
must be: lines `name ok` or `name refused:WORD`, where WORD must occur in the message or be the code's name; `ok` is
better than any of these. The exit status is 1 if a listed model gave something worse; models that are not listed are
shown, and cannot fail, unless `--all-ok` says that every one must be right and have at least 99 % of its weights used in
place.

Example:
    .venv/bin/python tests/models/run.py ../models --expected tests/models/expected.txt
"""

from __future__ import annotations

import argparse
import collections
import concurrent.futures
import dataclasses
import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
CODES = {2: "not_found", 3: "bad_file", 4: "bad_config", 5: "bad_shape", 6: "unsupported",
         7: "io", 8: "out_of_memory", 9: "bad_argument", 10: "internal"}
AIM, PASS = 1e-5, 1e-4  # max|out - ref| / max|ref|
HALF = {"float16": 2e-3, "bfloat16": 1e-2}  # aim and pass mark of half types
IN_PLACE = 0.99  # of the weights, with --all-ok
SMALLEST_SCALE = 1e-6  # references below this are compared absolutely


@dataclasses.dataclass(frozen=True)
class Case:
    """One model to run: `io` is None if there is no reference, `config` None if the file carries its own."""

    name: str
    model: Path
    io: Path | None
    config: Path | None = None
    signature: str = ""
    graph: dict | None = None  # of a frozen graph: its entry of index.json


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What a case gave: a word (see the head of this file), the largest relative error, and the message."""

    word: str
    error: float
    message: str
    seconds: float


def folder_cases(folder: Path) -> list[Case]:
    """The cases of one model folder: one, or one for each signature that has answers."""
    origin = json.loads((folder / "origin.json").read_text())
    first = origin["files"][0]["file"]
    model = folder / first.split("/")[0] if first.startswith("saved_model/") else folder / first
    config = None
    if origin["format"].startswith(("weights", "h5 weights")) or (folder / "architecture.json").exists():
        names = [entry["file"] for entry in origin["files"][1:] if entry["file"].endswith(".json")]
        known = [folder / name for name in ["architecture.json", *names]
                 if (folder / name).exists() and name != "config.json"]
        config = known[0] if known else None
    io = folder / "io.npz"
    cases = [Case(f"{folder.name}:{path.stem[3:]}", model, path, None, path.stem[3:]) for path in sorted(folder.glob("io_*.npz"))]
    return [Case(folder.name, model, io if io.exists() else None, config)] + cases


def graph_cases(root: Path) -> list[Case]:
    """The frozen graphs that index.json lists; those that only old versions of TensorFlow answer are left out."""
    index = json.loads((root / "index.json").read_text())
    return [Case(name, root / f"{name}.pb", root / f"{name}.npz", graph=entry)
            for name, entry in sorted(index.items()) if entry["status"] in ("ok", "random", "tf-only")]


def find_cases(root: Path) -> list[Case]:
    """All cases below `root`, sorted by name; the suite comes last."""
    if (root / "index.json").exists():
        return graph_cases(root)
    cases = [case for path in sorted(root.glob("*/origin.json")) for case in folder_cases(path.parent)]
    for path in sorted((root / "suite-keras").glob("*.h5")):
        io = path.with_name(path.name + ".io.npz")
        cases.append(Case(f"suite-keras/{path.name}", path, io if io.exists() else None))
    for io in sorted(root.glob("*.npz")):
        cases += [Case(path.name, path, io) for path in (io.with_suffix(".h5"), io.with_suffix(".keras")) if path.exists()]
    return cases


def relative_error(out: np.ndarray, ref: np.ndarray) -> tuple[float, str]:
    """The error of one output, and a sentence if shape, type or values that cannot be compared differ."""
    if out.shape != ref.shape:
        return np.inf, f"shape {out.shape}, the reference has {ref.shape}"
    if ref.dtype.kind not in "fc":
        return (0.0, "") if np.array_equal(out, ref) else (np.inf, f"{ref.dtype} values differ")
    if out.dtype.kind not in "fc":
        return np.inf, f"type {out.dtype}, the reference has {ref.dtype}"
    if ref.size == 0:
        return 0.0, ""
    finite = np.isfinite(ref)
    if not np.array_equal(out[~finite], ref[~finite], equal_nan=True) or not np.isfinite(out[finite]).all():
        return np.inf, "NaN or infinity differ"
    if not finite.any():
        return 0.0, ""
    scale = max(float(np.abs(ref[finite]).max()), SMALLEST_SCALE)
    return float(np.abs(out[finite].astype(np.float64) - ref[finite]).max()) / scale, ""


def write_feeds(case: Case, path: Path) -> list[str]:
    """Writes what a frozen graph is fed; returns the outputs to ask for."""
    with np.load(case.io) as stored:
        np.savez(path, **{name.removeprefix("in_"): stored[name] for name in stored.files if name.startswith("in_")})
    return [output["name"] for output in case.graph["outputs"]]


def compare_graph(produced: Path, case: Case) -> tuple[str, float, str]:
    """The word, error and message of a frozen graph's OUT.npz."""
    worst, message, word = 0.0, "", "ok"
    loose = case.graph["status"] == "random" or bool(case.graph.get("random_ops"))
    with np.load(produced) as out, np.load(case.io) as reference:
        for i, output in enumerate(case.graph["outputs"]):
            got, ref = out[f"output_{i}"], reference["out_" + output["name"]]
            if loose:
                fits = got.shape == ref.shape and got.dtype == ref.dtype
                error, why = (0.0, "") if fits else (np.inf, f"{got.dtype} {got.shape} against {ref.dtype} {ref.shape}")
            else:
                error, why = relative_error(got, ref)
            aim = HALF.get(output["dtype"], 2e-5 if output["dtype"] == "float32" else AIM)
            step = "ok" if error <= aim else "near" if error <= PASS else "wrong"
            if error > worst:
                worst, message = error, f"{output['name']}: {why}"
            word = max(word, step, key=["ok", "near", "wrong"].index)
    return word, worst, message


def compare(produced: Path, io: Path) -> tuple[str, float, str]:
    """The word, error and message of an OUT.npz against the reference."""
    worst, message, word = 0.0, "", "ok"
    with np.load(produced) as out, np.load(io) as reference:
        names = [name for name in reference.files if name.startswith("output_")]
        if sorted(names) != sorted(out.files):
            return "wrong", np.inf, f"outputs {sorted(out.files)}, the reference has {sorted(names)}"
        for name in names:
            error, why = relative_error(out[name], reference[name])
            aim, limit = (HALF[str(reference[name].dtype)],) * 2 if str(reference[name].dtype) in HALF else (AIM, PASS)
            step = "ok" if error <= aim else "near" if error <= limit else "wrong"
            if error > worst:
                worst, message = error, f"{name}: {why}" if why else ""
            word = max(word, step, key=["ok", "near", "wrong"].index)
    return word, worst, message


def in_place_share(cornu: Path, model: Path) -> float:
    """The part of the weights' bytes that is used where it lies in the file."""
    done = subprocess.run([str(cornu), "inspect", str(model), "--json"], capture_output=True, text=True, check=True)
    facts = json.loads(done.stdout)
    return facts["weights_in_place_bytes"] / max(facts["weights_bytes"], 1)


def run_case(case: Case, cornu: Path, limit_s: float) -> Outcome:
    """Runs one case in a process of its own."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        produced, given = Path(folder) / "out.npz", case.io
        if given is None:
            given = Path(folder) / "in.npy"
            np.save(given, np.zeros((1, 1), np.float32))
        command = [str(cornu), "predict", str(case.model), str(given), "-o", str(produced)]
        command += ["--config", str(case.config)] if case.config else []
        command += ["--signature", case.signature] if case.signature else []
        if case.graph is not None:
            outputs = write_feeds(case, Path(folder) / "in.npz")
            command = [str(cornu), "predict", str(case.model), str(Path(folder) / "in.npz"), "-o", str(produced),
                       "--threads", "1", "--outputs", ",".join(outputs)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=limit_s, check=False)
        except subprocess.TimeoutExpired:
            return Outcome("crash", np.inf, f"no answer in {limit_s:.0f} s", limit_s)
        word, error, message = "crash", np.inf, f"exit status {done.returncode}: {done.stderr.strip()[:200]}"
        if done.returncode == 0 and case.io is None:
            word, message = "wrong", "predicts, and should have been refused"
        elif done.returncode == 0 and case.graph is not None:
            word, error, message = compare_graph(produced, case)
        elif done.returncode == 0:
            word, error, message = compare(produced, case.io)
        elif done.returncode in CODES and done.stderr.count("\n") == 1 and not produced.exists():
            word, message = f"refused:{CODES[done.returncode]}", done.stderr.strip().removeprefix("cornu: ")
            message = message.removeprefix(f"{case.model}: ")
    return Outcome(word, error, message, time.monotonic() - started)


def read_expected(path: Path) -> dict[str, str]:
    """Name -> `ok` or `refused:WORD`."""
    lines = [line.split("#")[0].split() for line in path.read_text().splitlines()]
    return {line[0]: line[1] for line in lines if line}


def is_met(outcome: Outcome, expected: str) -> bool:
    """True if the outcome is what the list says, or right, which is always better."""
    if outcome.word == "ok" or not expected.startswith("refused:"):
        return outcome.word in ("ok", expected)
    wanted = expected.removeprefix("refused:")
    return outcome.word == expected or (outcome.word.startswith("refused:") and wanted in outcome.message)


def report(results: dict[str, Outcome], expected: dict[str, str], quiet: bool) -> int:
    """Prints the table; returns the number of listed models that failed."""
    failed = 0
    for name, outcome in results.items():
        mark = ""
        if name in expected and not is_met(outcome, expected[name]):
            failed += 1
            mark = f"  <- expected {expected[name]}"
        if quiet and not mark:
            continue
        error = f"{outcome.error:8.1e}" if np.isfinite(outcome.error) else " " * 8
        print(f"{name:56} {outcome.word:20} {error} {outcome.seconds:6.2f} s  {outcome.message[:240]}{mark}")
    missing = collections.Counter(op for outcome in results.values()
                                  for op in re.findall(r"(\w+) \(\d+\)", outcome.message.partition("does not have: ")[2]))
    if missing:
        print("ops that are missing (models):", ", ".join(f"{op} {count}" for op, count in missing.most_common()))
    counts = collections.Counter(outcome.word for outcome in results.values())
    print("models:", ", ".join(f"{count} {word}" for word, count in counts.most_common()))
    print(f"models: {len([name for name in results if name in expected]) - failed} passed, {failed} failed")
    return failed


def reason(outcome: Outcome) -> str:
    """What the list says for an outcome: a refusal is known by the class or kind it names, else by its code."""
    named = re.search(r'layer class "(\w+)"|(Lambda|SavedModel)', outcome.message)
    return f"refused:{named[1] or named[2]}" if named and outcome.word.startswith("refused:") else outcome.word


def write_expected(path: Path, results: dict[str, Outcome], expected: dict[str, str]) -> None:
    """Keeps what is met, replaces the rest by what came out; what neither answered rightly nor refused is left out."""
    kept = dict(expected)
    for name, outcome in results.items():
        if name in kept and is_met(outcome, kept[name]) and outcome.word != "ok":
            continue
        kept.pop(name, None)
        if outcome.word in ("ok", "near") or outcome.word.startswith("refused:"):
            kept[name] = reason(outcome)
    head = [line for line in path.read_text().splitlines() if line.startswith("#")] if path.exists() else []
    path.write_text("\n".join(head + [f"{name} {word}" for name, word in sorted(kept.items())]) + "\n")


def main() -> int:
    parser = argparse.ArgumentParser(description="Runs cornu on a folder of models with stored answers.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cornu", type=Path, default=ROOT / "build/release/cornu", help="the program to run")
    parser.add_argument("--jobs", type=int, default=2, help="processes at a time")
    parser.add_argument("--filter", default="", help="only models whose name contains this")
    parser.add_argument("--expected", type=Path, help="list of what must be; see the head of this file")
    parser.add_argument("--write-expected", action="store_true", help="update the list from this run")
    parser.add_argument("--all-ok", action="store_true", help="models that are not listed must be right, too")
    parser.add_argument("--quiet", action="store_true", help="print only failures and the sums")
    parser.add_argument("--limit", type=float, default=120, help="seconds one model may take")
    options = parser.parse_args()
    if not options.cornu.exists():
        parser.error(f"{options.cornu} does not exist; build first, or give --cornu")
    cases = [case for case in find_cases(options.folder) if options.filter in case.name]
    if not cases:
        parser.error(f"{options.folder} holds no model that matches {options.filter!r}")
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        outcomes = pool.map(lambda case: run_case(case, options.cornu, options.limit), cases)
        results = dict(zip([case.name for case in cases], outcomes, strict=True))
    expected = read_expected(options.expected) if options.expected and options.expected.exists() else {}
    for case in cases if options.all_ok else []:
        expected.setdefault(case.name, "ok")
        share = in_place_share(options.cornu, case.model) if results[case.name].word == "ok" else 1.0
        if share < IN_PLACE:
            why = f"only {share:.1%} of its weights are used in place"
            results[case.name] = dataclasses.replace(results[case.name], word="copied", message=why)
    failed = report(results, expected, options.quiet)
    if options.write_expected:
        write_expected(options.expected, results, expected)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
