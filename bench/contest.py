"""Runs a model on several runtimes at the same time of day: paired rounds, so that a busy machine disturbs all alike.

Each runtime is a process (peers.py) that waits while the others run. A round times each of them once, one after the other;
the ratio of two runtimes is taken within a round, and its median and spread over the rounds are reported.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import platform
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
PEERS = ["tensorflow", "onnxruntime", "openvino", "litert", "litert_cached"]
MOST_ERROR = 1e-4  # of an answer, relative to the largest value, before a time counts


class Contestant:
    """One runtime with one model in a process of its own."""

    def __init__(self, runtime: str, folder: Path, name: str, threads: int, batch: int) -> None:
        python = HERE.parent / (".venv" if runtime == "cornu" else ".venv-golden") / "bin/python"
        command = [str(python), str(HERE / "peers.py"), runtime, str(folder), name, str(threads), str(batch)]
        self.runtime = runtime
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )

    def send(self, command: str) -> None:
        """Gives a command; receive() has its answer."""
        assert self.process.stdin
        with contextlib.suppress(BrokenPipeError):  # receive() tells that the process died
            self.process.stdin.write(command + "\n")
            self.process.stdin.flush()

    def receive(self) -> dict[str, float]:
        """The answer to the last command. Raises RuntimeError if the process died."""
        assert self.process.stdout
        line = self.process.stdout.readline()
        while line and not line.startswith("{"):  # some runtimes greet
            line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.runtime} died")
        return json.loads(line)

    def ask(self, command: str) -> dict[str, float]:
        """The answer to a command."""
        self.send(command)
        return self.receive()

    def close(self) -> None:
        """Ends the process."""
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait()


@dataclass
class Result:
    """What one runtime did: times of each round in ms, and how wrong its answer was."""

    runtime: str
    error: float
    load: dict[str, float]
    rounds: list[float] = field(default_factory=list)

    def median(self) -> float:
        """Median of the rounds, in ms."""
        return float(np.median(self.rounds))


def contest(runtimes: list[str], folder: Path, name: str, threads: int, batch: int, rounds: int, ms: float) -> list[Result]:
    """Times every runtime; one that cannot run the model or answers wrongly is left out, with a line on standard error."""
    running: list[tuple[Contestant, Result]] = []
    for runtime in runtimes:
        contestant = Contestant(runtime, folder, name, threads, batch)
        try:
            load = contestant.ask("load")
            error = contestant.ask("check")["error"]
            if not error <= MOST_ERROR:
                raise RuntimeError(f"{runtime} answers {name} wrongly, by {error:.1e}")
            running.append((contestant, Result(runtime, error, load)))
        except RuntimeError as problem:
            print(problem, file=sys.stderr)
            contestant.process.kill()
    for _ in range(rounds):
        for contestant, result in running:
            result.rounds.append(contestant.ask(f"time {ms}")["median_ms"])
    for contestant, _ in running:
        contestant.close()
    return [result for _, result in running]


def ratio(ours: Result, theirs: Result) -> tuple[float, float, float]:
    """Our time over theirs: median, 10th and 90th percentile of the rounds; below 1 we are faster."""
    ratios = np.array(ours.rounds) / np.array(theirs.rounds)
    middle, low, high = np.percentile(ratios, [50, 10, 90])
    return float(middle), float(low), float(high)


def machine() -> str:
    """One line about this machine."""
    info = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    fields = dict(line.split(":", 1) for line in info.splitlines() if ":" in line)
    fields = {key.strip(): value.strip() for key, value in fields.items()}
    widest = next(isa for isa in ("avx512f", "avx2", "none") if isa in fields.get("flags", "") or isa == "none")
    cores = info.count("processor\t")
    return f"{cores} cores of {fields.get('model name', platform.machine())} ({widest}), {platform.system()} {platform.release()}"


def parser(description: str) -> argparse.ArgumentParser:
    """The options that all benchmarks share."""
    result = argparse.ArgumentParser(description=description.splitlines()[0])
    result.add_argument("folder", type=Path, help="NAME.keras, NAME.npz and what convert.py made of them")
    result.add_argument("names", nargs="*", help="default: every .npz of the folder")
    result.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    result.add_argument("--peers", nargs="*", default=PEERS, choices=PEERS)
    result.add_argument("--rounds", type=int, default=9)
    result.add_argument("--json", type=Path, help="add the results to this file of JSON lines")
    return result


def names_of(arguments: argparse.Namespace) -> list[str]:
    """The models asked for."""
    return arguments.names or sorted(path.stem for path in arguments.folder.glob("*.npz"))


def keep(arguments: argparse.Namespace, record: dict[str, object]) -> None:
    """Adds a record to the file of results."""
    if arguments.json:
        with arguments.json.open("a", encoding="utf-8") as file:
            file.write(json.dumps(record) + "\n")
