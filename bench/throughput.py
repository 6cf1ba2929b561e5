"""How many samples a second do several processes answer together? Cornu, one model file, one thread each.

    bench/throughput.py FOLDER [NAME...] [--threads 1] [--workers 1 2 4 8] [--batch 1 32] [--rounds 5] [--ms 2000] [--json FILE]

Each worker is a process with the model loaded; all of them are told to run at the same moment and count what they finish.
Prints samples a second for each number of workers and the share of what as many workers as cores reach.
"""

from __future__ import annotations

import os

import contest
import numpy as np


def samples_per_second(workers: list[contest.Contestant], batch: int, ms: float) -> float:
    """Of all workers together, running at the same time."""
    for worker in workers:
        worker.send(f"time {ms}")
    return sum(batch * answer["runs"] / (answer["total_ms"] / 1e3) for answer in (worker.receive() for worker in workers))


def main() -> None:
    """Runs the command line."""
    parser = contest.parser(__doc__ or "")
    parser.set_defaults(threads=[1], rounds=5)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4, 8])
    parser.add_argument("--batch", type=int, nargs="+", default=[1, 32])
    parser.add_argument("--ms", type=float, default=2000)
    arguments = parser.parse_args()
    print(contest.machine())
    for name in contest.names_of(arguments):
        for batch in arguments.batch:
            for threads in arguments.threads:
                most = [contest.Contestant("cornu", arguments.folder, name, threads, batch) for _ in range(max(arguments.workers))]
                for worker in most:
                    worker.ask("load")
                rounds = [
                    [samples_per_second(most[:count], batch, arguments.ms) for count in arguments.workers]
                    for _ in range(arguments.rounds)
                ]
                for worker in most:
                    worker.close()
                medians = dict(zip(arguments.workers, np.median(np.array(rounds), axis=0).tolist(), strict=True))
                base = medians.get(os.cpu_count() or 1, medians[arguments.workers[0]])
                text = ", ".join(f"{count}: {rate:.1f} ({rate / base:.2f})" for count, rate in medians.items())
                print(f"{name:16} batch {batch:3} threads {threads}: samples/s by workers {text}", flush=True)
                contest.keep(
                    arguments,
                    {
                        "kind": "throughput",
                        "machine": contest.machine(),
                        "model": name,
                        "batch": batch,
                        "threads": threads,
                        "samples_per_second": medians,
                    },
                )


if __name__ == "__main__":
    main()
