#!/usr/bin/env python3
"""Fails when a folder of src/ includes one of equal or higher rank, or include/cornu includes anything of src/.

The ranks are the table of src/README.md. Prints one line "file:line: what" for each problem; exit status 1 if there is one.
"""

import pathlib
import re
import sys

RANK_ROW = re.compile(r"\|\s*(\d+)\s*\|\s*(\w+)\s*\|")
INCLUDE = re.compile(r'\s*#\s*include\s*["<]([^">]+)[">]')
SOURCES = {".h", ".cc", ".inc"}


def read_ranks(readme: pathlib.Path) -> dict[str, int]:
    return {folder: int(rank) for rank, folder in RANK_ROW.findall(readme.read_text(encoding="utf-8"))}


def problem(folder: str, included: str, ranks: dict[str, int]) -> str | None:
    """What is wrong when a file of `folder` includes the path `included`; None if nothing is."""
    target = included.split("/")[0]
    if included.startswith("."):
        return f'"{included}" is relative; write the path from src/'
    if target not in ranks or target == folder:
        return None  # the system's, a library's, generated, public, or the folder's own
    if folder == "include/cornu":
        return f'"{included}" is of src/; the public headers include none of it'
    if ranks[target] >= ranks[folder]:
        return f'"{included}" is of rank {ranks[target]}, {folder} has rank {ranks[folder]} and includes lower ones only'
    return None


def check_file(path: pathlib.Path, folder: str, root: pathlib.Path, ranks: dict[str, int]) -> list[str]:
    problems = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        match = INCLUDE.match(line)
        if match and (what := problem(folder, match[1], ranks)):
            problems.append(f"{path.relative_to(root)}:{number}: {what}")
    return problems


def main() -> int:
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent).resolve()
    ranks = read_ranks(root / "src" / "README.md")
    problems = [] if ranks else ["src/README.md:1: has no table of ranks"]
    for path in sorted([*root.glob("src/*/**/*"), *root.glob("include/cornu/**/*")]):
        folder = "include/cornu" if path.is_relative_to(root / "include") else path.relative_to(root / "src").parts[0]
        if path.suffix not in SOURCES or not path.is_file():
            continue
        if folder in ranks or folder == "include/cornu":
            problems += check_file(path, folder, root, ranks)
        else:
            problems.append(f"{path.relative_to(root)}:1: the folder {folder} has no rank in src/README.md")
    print(*problems, sep="\n", end="\n" if problems else "")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
