"""Writes results of the benchmarks as tables and a plot.

    bench/report.py RESULTS.jsonl OUTDIR [--note TEXT]

Writes OUTDIR/speed.md and OUTDIR/latency.svg from what latency.py, load.py, cold.py and throughput.py added to RESULTS.jsonl.
Where a measurement was made several times, the last one counts.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

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
        times = [f"{r['peers'][p]['ms']:.2f}" if p in r["peers"] else "-" for p in peers]
        best = max(r["peers"].values(), key=lambda peer: peer["ratio"][0], default=None)
        ratio = "{:.2f} ({:.2f} to {:.2f})".format(*best["ratio"]) if best else "-"
        rows.append([r["model"], str(r["batch"]), str(r["threads"]), f"{r['ms']:.2f}", *times, ratio])
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


def plot(records: list[Record]) -> str:
    """Bars of Cornu's time over the best peer's, as SVG; the line marks 1."""
    scale, height, left = 260, 20, 250
    svg = ElementTree.Element(
        "svg",
        xmlns="http://www.w3.org/2000/svg",
        width=str(left + 2 * scale),
        height=str(height * (len(records) + 2)),
        style="font: 12px sans-serif; background: white",
    )

    def text(x: float, y: float, words: str) -> None:
        ElementTree.SubElement(svg, "text", x=f"{x:.0f}", y=f"{y:.0f}").text = words

    text(4, 14, "time of Cornu over time of the fastest peer (below 1: faster)")
    for i, r in enumerate(records, 1):
        ratio = max((peer["ratio"][0] for peer in r["peers"].values()), default=0.0)
        text(4, i * height + 15, f"{r['model']}, batch {r['batch']}, {r['threads']} threads")
        box = {"x": str(left), "y": str(i * height + 4), "height": str(height - 6), "width": f"{min(ratio, 1.8) * scale:.0f}"}
        ElementTree.SubElement(svg, "rect", box, fill=COLOURS[ratio > 1.0])
        text(left + 4 + min(ratio, 1.8) * scale, i * height + 15, f"{ratio:.2f}")
    line = {"x1": str(left + scale), "x2": str(left + scale), "y1": str(height), "y2": str(height * (len(records) + 1))}
    ElementTree.SubElement(svg, "line", line, stroke="black")
    ElementTree.indent(svg)
    return ElementTree.tostring(svg, encoding="unicode") + "\n"


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
    ]
    if arguments.note:
        parts.append(arguments.note.read_text(encoding="utf-8"))
    arguments.folder.mkdir(parents=True, exist_ok=True)
    (arguments.folder / "speed.md").write_text("\n".join(parts), encoding="utf-8")
    (arguments.folder / "latency.svg").write_text(plot(latency), encoding="utf-8")


if __name__ == "__main__":
    main()
