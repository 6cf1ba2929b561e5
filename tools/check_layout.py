#!/usr/bin/env python3
"""Fails when a unit of src/ has no test where one is expected, a file is too long, or a generated file is tracked.

Prints one line for each problem; exit status 1 if there is one. The pairs of sources and tests:
  ops/NAME.cc      tests/ops/NAME.cc            layers/NAME.cc   tests/layers/NAME{,s,_model,_keras2}.py or NAME.cc
  passes/NAME.cc   tests/passes/NAME.{txt,cc}   cli/NAME.cc      tests/cli/NAME.{txt,py}
  formats/NAME/    tests/formats/NAME*.cc       every other unit with a header: tests/FOLDER/NAME.cc
"""

import pathlib
import subprocess
import sys

FOLDERS = (
    "base", "tensor", "formats", "ir", "ops", "dynamic", "tensorflow", "layers", "passes", "kernels", "import", "runtime", "export",
    "serve", "cli",
)  # fmt: skip
# Folders whose files are units by themselves, without headers, and the tests that each may have.
UNIT_TESTS = {
    "ops": (".cc",),
    "dynamic": (".cc",),
    "tensorflow": (".py", ".cc"),
    "layers": (".py", "s.py", "_model.py", "_keras2.py", ".cc"),
    "passes": (".txt", ".cc"),
    "cli": (".txt", ".py"),
}
MAX_LINES = 800
SOURCE_FOLDERS = ("include", "src", "tests", "fuzz", "bench", "python", "tools", "cmake", "examples")
SOURCE_ENDINGS = {".h", ".cc", ".py", ".inc", ".cmake"}


def is_unit(path: pathlib.Path) -> bool:
    """Tables and common_* files belong to the units beside them; main.cc is tested through the commands."""
    return path.stem not in ("table", "main") and not path.stem.startswith("common_")


def has_header(root: pathlib.Path, path: pathlib.Path) -> bool:
    return path.with_suffix(".h").is_file() or (root / "include" / "cornu" / f"{path.stem}.h").is_file()


def missing_tests(root: pathlib.Path, folder: str) -> list[str]:
    source, tests = root / "src" / folder, root / "tests" / folder
    problems = []
    for path in filter(is_unit, sorted(source.glob("*.cc"))):
        has_api = has_header(root, path) and ".cc" not in UNIT_TESTS.get(folder, ())
        expected = (".cc",) if has_api else UNIT_TESTS.get(folder)
        if expected and not any((tests / (path.stem + ending)).is_file() for ending in expected):
            names = " or ".join(f"tests/{folder}/{path.stem}{ending}" for ending in expected)
            problems.append(f"{path.relative_to(root)}: has no test {names}")
    if folder == "formats":
        for path in sorted(entry for entry in source.glob("*") if entry.is_dir()):
            if not any(tests.glob(f"{path.name}*.cc")):
                problems.append(f"{path.relative_to(root)}: has no test tests/formats/{path.name}*.cc")
    return problems


def long_files(root: pathlib.Path) -> list[str]:
    problems = []
    for path in sorted(path for folder in SOURCE_FOLDERS for path in (root / folder).glob("**/*")):
        if path.suffix in SOURCE_ENDINGS and path.is_file():
            lines = path.read_bytes().count(b"\n")
            if lines > MAX_LINES:
                problems.append(f"{path.relative_to(root)}: has {lines} lines, at most {MAX_LINES} are allowed")
    return problems


def tracked_generated_files(root: pathlib.Path) -> list[str]:
    """What git tracks though .gitignore calls it generated, and unit tables. A copy without git has nothing to check."""
    if not (root / ".git").exists():
        return []
    command = ["git", "-C", str(root), "ls-files", "-z"]
    ignored = subprocess.run([*command, "-ci", "--exclude-standard"], capture_output=True, text=True, check=True).stdout
    tables = subprocess.run([*command, "*_table.inc"], capture_output=True, text=True, check=True).stdout
    names = sorted(set(filter(None, (ignored + tables).split("\0"))))
    return [f"{name}: is generated, so git must not track it" for name in names]


def main() -> int:
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent).resolve()
    problems = [problem for folder in FOLDERS for problem in missing_tests(root, folder)]
    problems += long_files(root) + tracked_generated_files(root)
    print(*problems, sep="\n", end="\n" if problems else "")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
