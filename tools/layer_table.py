#!/usr/bin/env python3
"""Writes docs/layers.md: a row for each layer, from `cornu list layers`, the names that real Keras has
(tests/golden/keras_names.json) and what the goldens of tests/golden/layers show.

    tools/layer_table.py [--check] [--cornu PATH]

--check changes nothing; the exit status is 1 if the table is not current but for the kernels, which may differ among CPUs.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import json
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "docs" / "layers.md"
GOLDEN = ROOT / "tests" / "golden"
NODE = re.compile(r"^\s*(%\d+)\b.*  # (.+)$")
STEP = re.compile(r"^(%\d+) \w+: (\w+)$")
HEAD = """# Layers

Written by `tools/layer_table.py`; `./test` tells when it is stale.

- *Keras*: 3 and 2 are the versions whose names are stored in `tests/golden/keras_names.json`; 1 means that only older files
  have the layer, or that it stands for functions.
- *Goldens*: files of cases that real Keras answered (`.keras` and `.h5`); layers without one are checked by hand-made configs
  or in models (`tests/layers/*.cc`, `tests/models`).
- *Kernels*: the fast kernels that served the layer's goldens; `reference` if none did; empty if it does nothing of its own or
  runs on the dynamic executor.
- Every layer that computes with floats does so in float32, float64, float16 and bfloat16, as its dtype policy says; the half
  types are computed in float32 and rounded.

| layer | other names | Keras | goldens | kernels |
|---|---|---|---|---|
"""


def output(cornu: Path, *arguments: str) -> str:
    """What the program prints; empty if it refuses."""
    return subprocess.run([str(cornu), *arguments], capture_output=True, text=True, check=False).stdout


def kernels_of(cornu: Path, model: Path) -> dict[str, set[str]]:
    """Per layer class of a model: the kernels that serve its nodes."""
    classes = {layer["name"]: layer["class_name"] for layer in json.loads(output(cornu, "inspect", str(model), "--json"))["layers"]}
    owner: dict[str, str] = {}
    found: dict[str, set[str]] = defaultdict(set)
    for line in output(cornu, "inspect", str(model), "--explain").splitlines():
        if node := NODE.match(line):
            owner[node[1]] = classes.get(node[2], "")
        elif step := STEP.match(line):
            found[owner.get(step[1], "")].add(step[2])
    return found


def versions(names: list[str], keras: dict[str, list[str]]) -> str:
    """The versions of Keras that have one of the names."""
    found = [v for v, place in (("3", "keras.layers"), ("2", "tf_keras.layers")) if set(names) & set(keras[place])]
    return ", ".join(found) or "1"


def rows(cornu: Path, with_kernels: bool) -> list[str]:
    """The table, a line for each unit."""
    units: dict[str, list[str]] = defaultdict(list)
    for entry in json.loads(output(cornu, "list", "layers", "--json"))["layers"]:
        units[entry["description"]].append(entry["name"])
    keras = json.loads((GOLDEN / "keras_names.json").read_text())
    notes = [path for path in (GOLDEN / "layers").glob("*.json") if not path.name.endswith("rejected.json")]
    models = sorted(path.with_suffix("") for path in notes)
    files = [path.with_suffix(".h5") if path.with_suffix(".h5").exists() else path.with_suffix(".keras") for path in models]
    kernels: dict[str, set[str]] = defaultdict(set)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for found in pool.map(lambda model: kernels_of(cornu, model), files if with_kernels else []):
            for name, used in found.items():
                kernels[name] |= used
    goldens: dict[str, list[str]] = defaultdict(list)
    for model in models:
        for layer in {case["layer"] for case in json.loads(model.with_suffix(".json").read_text())}:
            goldens[layer].append(model.name)
    lines = []
    for names in units.values():
        used = set().union(*(kernels[name] for name in names))
        fast = sorted(used - {"reference", "view"})
        shown = ", ".join(fast) or ("reference" if used - {"view"} else "")
        tested = sorted({f"`{file}`" for name in names for file in goldens[name]})
        others = ", ".join(f"`{name}`" for name in names[1:])
        lines.append(f"| `{names[0]}` | {others} | {versions(names, keras)} | {', '.join(tested)} | {shown} |")
    return sorted(lines, key=str.lower)


def without_kernels(text: str) -> list[str]:
    """The lines of the table without the last column."""
    return [line.rpartition(" | ")[0] if line.startswith("| `") else line for line in text.splitlines()]


def main() -> int:
    parser = argparse.ArgumentParser(description="Writes docs/layers.md.")
    parser.add_argument("--check", action="store_true", help="only tell whether it is current")
    parser.add_argument("--cornu", type=Path, default=ROOT / "build/release/cornu", help="the program to ask")
    options = parser.parse_args()
    text = HEAD + "\n".join(rows(options.cornu, not options.check)) + "\n"
    if options.check:
        if without_kernels(TABLE.read_text()) != without_kernels(text):
            sys.exit("docs/layers.md is stale; run tools/layer_table.py")
        return 0
    TABLE.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
