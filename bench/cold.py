"""How long from the start of the process to its first answer? The command line, page cache warm, beside steady latency.

    bench/cold.py FOLDER [NAME...] [--threads 1 2] [--rounds 15] [--json FILE]

Each round starts `cornu predict MODEL INPUT.npy` (one image; from before the start until after the end of the process) and
times steady runs in a process that lives on. Prints both medians and the ratio of the two within the rounds.
"""

from __future__ import annotations

import subprocess
import tempfile
import time
from pathlib import Path

import contest
import numpy as np
import peers

CORNU = contest.HERE.parent / ".venv/bin/cornu"


def command_ms(command: list[str]) -> float:
    """The life of one process."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return (time.perf_counter() - start) * 1e3


def compare(folder: Path, name: str, threads: int, rounds: int) -> dict[str, float]:
    """Cold and steady times of one model."""
    inputs, _ = peers.read_case(folder / f"{name}.npz", 1)
    file = next(path for path in (folder / f"{name}.keras", folder / f"{name}.h5") if path.exists())
    steady = contest.Contestant("cornu", folder, name, threads, 1)
    steady.ask("load")
    with tempfile.TemporaryDirectory() as temporary:
        npz = Path(temporary, "input.npz")
        np.savez(npz, **{f"input_{i}": x for i, x in enumerate(inputs)})
        command = [str(CORNU), "predict", str(file), str(npz), "--threads", str(threads)]
        command_ms(command)
        pairs = [(command_ms(command), steady.ask("time 100")["median_ms"]) for _ in range(rounds)]
    empty = [command_ms([str(CORNU), "list", "formats"]) for _ in range(rounds)]
    steady.close()
    cold, warm = np.array(pairs).T
    return {
        "cold_ms": float(np.median(cold)),
        "least_cold_ms": float(cold.min()),
        "steady_ms": float(np.median(warm)),
        "ratio": float(np.median(cold / warm)),
        "least_ratio": float((cold / warm).min()),
        "empty_process_ms": float(np.median(empty)),
    }


def main() -> None:
    """Runs the command line."""
    parser = contest.parser(__doc__ or "")
    parser.set_defaults(rounds=15)
    arguments = parser.parse_args()
    print(contest.machine())
    for name in contest.names_of(arguments):
        for threads in arguments.threads:
            record = compare(arguments.folder, name, threads, arguments.rounds)
            print(
                f"{name:16} threads {threads}: process {record['cold_ms']:.1f} ms (least {record['least_cold_ms']:.1f}),"
                f" steady {record['steady_ms']:.1f}, ratio {record['ratio']:.2f} (least {record['least_ratio']:.2f});"
                f" a process that does nothing {record['empty_process_ms']:.1f}",
                flush=True,
            )
            contest.keep(arguments, {"kind": "cold", "machine": contest.machine(), "model": name, "threads": threads, **record})


if __name__ == "__main__":
    main()
