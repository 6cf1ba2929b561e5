"""Writes results of the benchmarks as tables and a plot.

    bench/report.py RESULTS.jsonl OUTDIR [--note TEXT]

Writes OUTDIR/speed.md, latency.svg and growth.svg from what latency.py, load.py, cold.py, throughput.py and linear.py added to
RESULTS.jsonl. Where a measurement was made several times, the last one counts.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import pyplot

Record = dict[str, Any]
COLOURS = ("#4472c4", "#c55a11")  # as fast as the best peer or faster, slower


def latest(records: list[Record], kind: str, *keys: str) -> list[Record]:
    """The last record of each combination of keys, in order."""
    return [r for _, r in sorted({tuple(r[k] for k in keys): r for r in records if r["kind"] == kind}.items())]


def table(head: list[str], rows: list[list[str]]) -> str:
    """A Markdown table; all columns but the first are numbers."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def latency_table(records: list[Record]) -> str:
    """Milliseconds of each runtime, and Cornu's time over that of the best peer."""
    rows = []
    peers = list(dict.fromkeys(peer for r in records for peer in r["peers"]))
    for r in records:
        times = [f"{r['peers'][p]['ms']:.3g}" if p in r["peers"] else "-" for p in peers]
        best = max(r["peers"].values(), key=lambda peer: peer["ratio"][0], default=None)
        ratio = "{:.2f} ({:.2f} to {:.2f})".format(*best["ratio"]) if best else "-"
        rows.append([r["model"], str(r["batch"]), str(r["threads"]), f"{r['ms']:.3g}", *times, ratio])
    return table(["model", "batch", "threads", "Cornu", *peers, "ratio to the best"], rows)


def load_table(records: list[Record]) -> str:
    """Milliseconds to load and to answer first."""
    rows = [
        [r["model"], str(r["threads"]), name, f"{t['import_ms']:.0f}", f"{t['load_ms']:.1f}", f"{t['first_ms']:.1f}"]
        for r in records
        for name, t in r["runtimes"].items()
    ]
    return table(["model", "threads", "runtime", "import", "load", "first run"], rows)


def cold_table(records: list[Record]) -> str:
    """The command line from its start to its end."""
    numbers = {"cold_ms": 1, "steady_ms": 1, "ratio": 2, "least_ratio": 2}
    rows = [[r["model"], str(r["threads"]), *[f"{r[key]:.{digits}f}" for key, digits in numbers.items()]] for r in records]
    return table(["model", "threads", "process", "steady", "ratio", "least ratio"], rows)


def throughput_table(records: list[Record]) -> str:
    """Samples a second by number of workers."""
    counts = list(dict.fromkeys(count for r in records for count in r["samples_per_second"]))
    rows = []
    for r in records:
        rates = r["samples_per_second"]
        rows.append([r["model"], str(r["batch"]), *[f"{rates[c]:.1f}" if c in rates else "-" for c in counts]])
    return table(["model", "batch", *[f"{c} workers" for c in counts]], rows)


def plot_ratios(records: list[Record], path: Path) -> None:
    """Bars of Cornu's time over the fastest peer's."""
    names = [f"{r['model']}, batch {r['batch']}, {r['threads']} threads" for r in records]
    ratios = [max((peer["ratio"][0] for peer in r["peers"].values()), default=0.0) for r in records]
    figure, axes = pyplot.subplots(figsize=(8, 1 + 0.25 * len(records)), layout="constrained")
    bars = axes.barh(names, ratios, color=[COLOURS[ratio > 1.0] for ratio in ratios])
    axes.bar_label(bars, fmt="%.2f", padding=3)
    axes.axvline(1.0, color="black")
    axes.invert_yaxis()
    axes.set_xlabel("time of Cornu over time of the fastest peer (below 1: faster)")
    figure.savefig(path)


def plot_growth(batches: list[Record], layers: list[Record], path: Path) -> None:
    """Cost by batch and by number of layers, on logarithmic axes: linear growth is a straight line of slope 1."""
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(9, 4), layout="constrained")
    for r in batches:
        costs = {int(batch): ms * int(batch) for batch, ms in r["ms_a_sample"].items()}
        left.loglog(list(costs), list(costs.values()), marker="o", label=r["model"])
    left.set(xlabel="batch", ylabel="ms a call")
    for r in layers:
        costs = {int(count): times for count, times in r["load_and_run_ms"].items()}
        for i, what in enumerate(("load", "run")):
            right.loglog(list(costs), [times[i] for times in costs.values()], marker="o", label=what)
    right.set(xlabel="dense layers of 32 units", ylabel="ms")
    for axes in (left, right):
        axes.legend()
        axes.grid(visible=True, alpha=0.3)
    figure.savefig(path)


def main() -> None:
    """Runs the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("results", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--note", type=Path, help="a text to put after the tables, for example the reasons")
    arguments = parser.parse_args()
    records = [json.loads(line) for line in arguments.results.read_text(encoding="utf-8").splitlines()]
    latency = latest(records, "latency", "model", "batch", "threads")
    parts = [
        "# Speed beside other runtimes\n",
        "Written by bench/report.py; all times in ms, float32. " + " ".join(sorted({r["machine"] for r in records})) + ".\n",
        "## Latency\n",
        "One call, steady state: medians of rounds in which all runtimes take turns, so that other work on the machine disturbs\n"
        "them alike. Ratio: Cornu's time over the fastest peer's within a round, median (10th to 90th percentile).\n",
        latency_table(latency),
        "![ratios](latency.svg)\n",
        "## Loading and the first run\n",
        load_table(latest(records, "load", "model", "threads")),
        "## From the start of the process to the first answer\n",
        "`cornu predict MODEL INPUT.npz`, page cache warm, beside a steady run in the same moments.\n",
        cold_table(latest(records, "cold", "model", "threads")),
        "## Several processes\n",
        "Samples a second of Cornu in several processes of one thread each, all on one model file.\n",
        throughput_table(latest(records, "throughput", "model", "batch", "threads")),
        "## Growth\n",
        "One thread: a call by its batch, and loading and running stacks of dense layers by their number.\n",
        "![growth](growth.svg)\n",
    ]
    if arguments.note:
        parts.append(arguments.note.read_text(encoding="utf-8"))
    arguments.folder.mkdir(parents=True, exist_ok=True)
    (arguments.folder / "speed.md").write_text("\n".join(parts), encoding="utf-8")
    mpl.rcParams |= {"svg.hashsalt": "cornu", "svg.fonttype": "none"}  # the same results make the same files
    plot_ratios(latency, arguments.folder / "latency.svg")
    plot_growth(latest(records, "batches", "model"), latest(records, "layers", "kind"), arguments.folder / "growth.svg")


if __name__ == "__main__":
    main()
