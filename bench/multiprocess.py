#!/usr/bin/env python3
"""How soon, how small and how fast are N processes with one model? Cornu beside Keras and three runtimes, in one run.

    bench/multiprocess.py MODEL [--rivals FOLDER] [--workers N] [--seconds S] [--python PATH] [--quick] [-o TABLE.md]

MODEL     a ResNet50-sized model as Keras saves it, MODEL.npz beside it with input_0 and output_0 (tools/make_applications.py)
FOLDER    the same network as NAME.onnx, NAME.tflite and NAME.xml (OpenVINO's IR); what is missing is left out
PATH      an interpreter with TensorFlow, ONNX Runtime, OpenVINO and LiteRT; default .venv-golden/bin/python

Question: a program starts, and N workers answer two images each. How long until all have answered, counted from the start of the
interpreter, imports included? What crosses between processes? What does a worker cost in memory? How many images a second
do 1, 2, 4, 8 workers answer afterwards, one image at a time, threads per worker being cores over workers?
Each measurement is a process tree of its own (multiprocess_case.py); answers are checked before a time counts: 1e-4 of the
largest output. Each time is the best of --repeat runs. Keras with fork is given --limit seconds: it hangs.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
TOLERANCE = 1e-4
ENDINGS = {"onnxruntime": "onnx", "openvino": "xml", "litert": "tflite"}
PACKAGES = ("keras", "tensorflow-cpu", "onnxruntime", "openvino", "ai-edge-litert")
MB = 1e6


class Case(NamedTuple):
    """What is measured."""

    framework: str
    pattern: int
    method: str

    def name(self) -> str:
        how = {1: "each worker loads", 2: "the parent passes the model", 3: "cornu.Pool"}[self.pattern]
        return f"{self.framework}, {how}" + ("" if self.pattern == 3 else f", {self.method}")


def cases(rivals: Path | None, stem: str) -> list[Case]:
    every = [Case("numpy", 1, method) for method in ("spawn", "fork")]
    every += [Case("cornu", pattern, method) for pattern in (1, 2) for method in ("spawn", "forkserver", "fork")]
    every += [Case("cornu", 3, "exec")]
    every += [Case("keras", pattern, method) for pattern in (1, 2) for method in ("spawn", "fork")]
    for framework, ending in ENDINGS.items():
        if rivals and (rivals / f"{stem}.{ending}").exists():
            every += [Case(framework, 1, method) for method in ("spawn", "fork")]
    return every


def run_case(case: Case, workers: int, seconds: float, options: argparse.Namespace) -> dict[str, Any] | str:
    """What the case printed and `ready_s`; or why there is nothing."""
    model = options.model
    if case.framework in ENDINGS:
        model = options.rivals / f"{options.model.stem}.{ENDINGS[case.framework]}"
    python = ROOT / ".venv/bin/python" if case.framework in ("cornu", "numpy") else options.python
    threads = max(1, len(os.sched_getaffinity(0)) // workers)
    command = [python, HERE / "multiprocess_case.py", case.framework, case.pattern, case.method, workers, threads, seconds]
    command += [model, options.model.with_suffix(".npz")]
    begin = time.perf_counter()
    with subprocess.Popen(
        [str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as program:
        killer = _Killer(program.pid, options.limit)
        assert program.stdout is not None
        first = program.stdout.readline()
        ready = time.perf_counter() - begin
        rest = program.communicate()[0]
        late = killer.stop()
    if late:
        return f"no answer in {options.limit:.0f} s"
    if program.returncode != 0 or first.strip() != "ready":
        return f"failed with status {program.returncode}"
    result = json.loads(rest.splitlines()[-1])
    if result["error"] > TOLERANCE:
        return f"wrong answers: {result['error']:.1e} of the largest"
    return {"ready_s": ready, **result}


class _Killer:
    """Ends a process group after some seconds."""

    def __init__(self, group: int, limit: float) -> None:
        self._late = False
        self._group = group
        self._timer = threading.Timer(limit, self._kill)
        self._timer.start()

    def _kill(self) -> None:
        self._late = True
        os.killpg(self._group, signal.SIGKILL)

    def stop(self) -> bool:
        self._timer.cancel()
        return self._late


def mean(values: list[float]) -> float:
    return sum(values) / len(values)


def memory_of(result: dict[str, Any], kind: str) -> float:
    return mean([worker[kind] for worker in result["memory"]]) / MB


def measure_all(options: argparse.Namespace) -> dict[Case, dict[str, Any] | str]:
    """Each case `repeat` times, in turns, so that a busy minute of the machine hits all alike; the soonest counts."""
    best: dict[Case, dict[str, Any] | str] = {}
    for turn in range(options.repeat):
        for case in cases(options.rivals, options.model.stem):
            if isinstance(best.get(case), str):
                continue  # a second wait for what hangs tells nothing
            result = run_case(case, options.workers, 0, options)
            print(f"{turn}: {case.name()}: {result if isinstance(result, str) else round(result['ready_s'], 3)}", file=sys.stderr)
            before = best.get(case)
            if isinstance(result, str) or not isinstance(before, dict) or result["ready_s"] < before["ready_s"]:
                best[case] = result
    return best


def table(rows: list[list[str]]) -> str:
    head, *body = rows
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in body])


def first_table(best: dict[Case, dict[str, Any] | str]) -> str:
    head = ["", "all answered, s", "sooner than Keras", "on the wire, bytes"]
    rows = [[*head, "private MB", "beyond NumPy", "shared MB", "proportional MB"]]
    for case, result in best.items():
        if isinstance(result, str):
            rows.append([case.name(), result] + [""] * 6)
            continue
        keras = best_of_keras(best, case)
        floor = best.get(Case("numpy", 1, "fork" if case.method == "fork" else "spawn"))
        private = memory_of(result, "private")
        extra = f"{private - memory_of(floor, 'private'):.1f}" if isinstance(floor, dict) else ""
        rows.append(
            [
                case.name(),
                f"{result['ready_s']:.2f}",
                f"{keras / result['ready_s']:.0f}x" if keras and case.framework not in ("keras", "numpy") else "",
                f"{result['wire_bytes']:,}" if case.pattern == 2 else "",
                f"{private:.1f}",
                extra,
                f"{memory_of(result, 'shared'):.1f}",
                f"{memory_of(result, 'proportional'):.1f}",
            ]
        )
    return table(rows)


def best_of_keras(best: dict[Case, dict[str, Any] | str], case: Case) -> float | None:
    """Keras's time for the same pattern and method; its best of any where that hangs or does not exist."""
    same = best.get(Case("keras", case.pattern, case.method))
    if isinstance(same, dict):
        return same["ready_s"]
    times = [r["ready_s"] for c, r in best.items() if c.framework == "keras" and isinstance(r, dict)]
    return min(times, default=None)


def second_table(options: argparse.Namespace) -> str:
    """Images a second for 1, 2, 4, 8 workers."""
    counts = (1, 2, 4, 8)
    rows = [["images/s, workers:", *map(str, counts)]]
    measured = [Case("cornu", 1, "spawn"), Case("cornu", 3, "exec"), Case("keras", 1, "spawn")]
    measured += [case for case in cases(options.rivals, options.model.stem) if case.framework in ENDINGS and case.method == "spawn"]
    for case in measured:
        row = [case.name()]
        for count in counts:
            result = run_case(case, count, options.seconds, options)
            row.append(result if isinstance(result, str) else f"{result['images_per_second']:.1f}")
        print(row, file=sys.stderr)
        rows.append(row)
    return table(rows)


def output_of(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def environment(options: argparse.Namespace) -> str:
    model = next((line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")), ":unknown")
    script = "import importlib.metadata as m, sys; print(*(f'{p} {m.version(p)}' for p in sys.argv[1:]), sep=', ')"
    rivals = output_of([str(options.python), "-c", script, *PACKAGES])
    commit = output_of(["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"])
    return (
        f"{datetime.date.today()}, {len(os.sched_getaffinity(0))} cores of {model.split(':')[1].strip()}, "
        f"Python {platform.python_version()}, {rivals or 'no rivals'}, Cornu {commit}; "
        f"{options.model.name}, {options.model.stat().st_size / MB:.0f} MB; best of {options.repeat} runs, page cache warm. "
        f"Load of the machine when it began: {options.load:.1f}."
    )


def main() -> int:
    parser = argparse.ArgumentParser(description="Measures several processes with one model, Cornu beside its rivals.")
    parser.add_argument("model", type=Path)
    parser.add_argument("--rivals", type=Path)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=3.0, help="of steady work in each throughput measurement")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--limit", type=float, default=120.0, help="seconds after which a run counts as hung")
    parser.add_argument("--python", type=Path, default=ROOT / ".venv-golden/bin/python")
    parser.add_argument("--quick", action="store_true", help="leave out the throughput of 1, 2, 4, 8 workers")
    parser.add_argument("-o", "--output", type=Path, help="the table's file; default standard output")
    options = parser.parse_args()
    options.load = os.getloadavg()[0]
    best = measure_all(options)
    parts = [environment(options), f"{options.workers} workers, two images each:", first_table(best)]
    if not options.quick:
        parts += ["Steady work, one image at a time, threads per worker = cores / workers, at least 1:", second_table(options)]
    text = "\n\n".join(parts) + "\n"
    if options.output:
        options.output.write_text(text)
    else:
        print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
