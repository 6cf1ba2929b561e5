"""How long until a model is ready, and until its first answer? Fresh processes, page cache warm, runtimes in turn.

    bench/load.py FOLDER [NAME...] [--threads 1 2] [--rounds 9] [--json FILE]

Prints for each model and runtime the medians of: importing the runtime into Python, loading the model (from the user's own
file for Cornu, from a converted one for the peers), and its first run, all in ms. litert_cached has its weight cache written
by a run before.
"""

from __future__ import annotations

import statistics
import sys

import contest


def measure(runtime: str, arguments: contest.argparse.Namespace, name: str, threads: int) -> dict[str, float] | None:
    """One fresh process; nothing if the runtime cannot run the model."""
    contestant = contest.Contestant(runtime, arguments.folder, name, threads, 1)
    try:
        answer = contestant.ask("load")
        contestant.close()
        return answer
    except RuntimeError as problem:
        print(problem, file=sys.stderr)
        return None


def main() -> None:
    """Runs the command line."""
    parser = contest.parser(__doc__ or "")
    arguments = parser.parse_args()
    print(contest.machine())
    for name in contest.names_of(arguments):
        for threads in arguments.threads:
            runtimes = [r for r in ["cornu", *arguments.peers] if measure(r, arguments, name, threads)]
            rounds = [{r: measure(r, arguments, name, threads) for r in runtimes} for _ in range(arguments.rounds)]
            record: dict[str, object] = {}
            for runtime in runtimes:
                answers = [answer for one in rounds if (answer := one[runtime])]
                medians = {key: statistics.median(answer[key] for answer in answers) for key in answers[0]}
                record[runtime] = medians
                print(
                    f"{name:16} threads {threads} {runtime:14} import {medians['import_ms']:8.1f}"
                    f"  load {medians['load_ms']:8.2f}  first {medians['first_ms']:8.2f} ms",
                    flush=True,
                )
            contest.keep(
                arguments,
                {"kind": "load", "machine": contest.machine(), "model": name, "threads": threads, "runtimes": record},
            )


if __name__ == "__main__":
    main()
