#!/usr/bin/env python3
"""Writes the tables of README.md that come from the program itself, between the lines
`<!-- begin NAME -->` and `<!-- end NAME -->` (NAME: layers, ops or formats).

    tools/readme_tables.py [--check] [--cornu PATH]

--check changes nothing; the exit status is 1 if a table is not what `cornu list NAME` says.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"


def entries(cornu: Path, name: str) -> list[dict[str, str]]:
    """What `cornu list NAME --json` says."""
    done = subprocess.run([str(cornu), "list", name, "--json"], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)[name]


def table(cornu: Path, name: str) -> str:
    """The text of one table: names in one paragraph, or a row for each format."""
    listed = entries(cornu, name)
    if name == "formats":
        return "\n".join(["| format | |", "|---|---|", *[f"| {e['name']} | {e['description']} |" for e in listed]])
    return f"{len(listed)}: " + ", ".join(f"`{entry['name']}`" for entry in sorted(listed, key=lambda e: e["name"].lower()))


def main() -> int:
    parser = argparse.ArgumentParser(description="Writes the generated tables of README.md.")
    parser.add_argument("--check", action="store_true", help="only tell whether they are current")
    parser.add_argument("--cornu", type=Path, default=ROOT / "build/release/cornu", help="the program to ask")
    options = parser.parse_args()
    text = README.read_text()
    names = re.findall(r"<!-- begin (\w+) -->", text)
    current = text
    for name in names:
        pattern = re.compile(rf"(<!-- begin {name} -->\n).*?(<!-- end {name} -->)", re.DOTALL)
        body = table(options.cornu, name)
        current = pattern.sub(lambda match, body=body: f"{match[1]}{body}\n{match[2]}", current)
    if not names:
        sys.exit("README.md has no table to write")
    if options.check and current != text:
        sys.exit("README.md is stale; run tools/readme_tables.py")
    if not options.check:
        README.write_text(current)
    return 0


if __name__ == "__main__":
    sys.exit(main())
