"""How long does one answer take beside the peers? Paired rounds, answers checked first.

    bench/latency.py FOLDER [NAME...] [--threads 1 2] [--batch 1 32] [--rounds 9] [--ms 400] [--json FILE]

Prints for each model, number of threads and batch: Cornu's median in ms, and for each peer its median and the ratio of
Cornu's time to its time (median, 10th to 90th percentile over the rounds; below 1 Cornu is faster).
"""

from __future__ import annotations

import contest


def main() -> None:
    """Runs the command line."""
    parser = contest.parser(__doc__ or "")
    parser.add_argument("--batch", type=int, nargs="+", default=[1])
    parser.add_argument("--ms", type=float, default=400, help="of each runtime in each round")
    arguments = parser.parse_args()
    print(contest.machine())
    for name in contest.names_of(arguments):
        for batch in arguments.batch:
            for threads in arguments.threads:
                results = contest.contest(
                    ["cornu", *arguments.peers], arguments.folder, name, threads, batch, arguments.rounds, arguments.ms
                )
                if not results or results[0].runtime != "cornu":
                    continue
                ours = results[0]
                line = f"{name:16} batch {batch:3} threads {threads}: cornu {ours.median():9.3f} ms"
                peers = {}
                for theirs in results[1:]:
                    middle, low, high = contest.ratio(ours, theirs)
                    line += f" | {theirs.runtime} {theirs.median():9.3f} ({middle:.2f}, {low:.2f}-{high:.2f})"
                    peers[theirs.runtime] = {"ms": theirs.median(), "ratio": [middle, low, high]}
                print(line, flush=True)
                record = {"model": name, "batch": batch, "threads": threads, "ms": ours.median(), "error": ours.error}
                contest.keep(arguments, {"kind": "latency", "machine": contest.machine(), **record, "peers": peers})


if __name__ == "__main__":
    main()
