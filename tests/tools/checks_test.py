"""Tests of tools/check_includes.py and tools/check_layout.py on small made-up trees.

Run: python3 -m unittest tests/tools/checks_test.py
"""

import pathlib
import subprocess
import sys
import tempfile
import unittest

TOOLS = pathlib.Path(__file__).parent.parent.parent / "tools"
RANKS = "| rank | folder |\n|---|---|\n| 0 | base | x |\n| 1 | tensor | x |\n| 1 | kernels | x |\n"


def run(tool: str, files: dict[str, str]) -> tuple[int, list[str]]:
    """The exit status and lines of a tool that checks a tree of `files`."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in {"src/README.md": RANKS, **files}.items():
            path = pathlib.Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        result = subprocess.run([sys.executable, str(TOOLS / tool), folder], capture_output=True, text=True, check=False)
        return result.returncode, result.stdout.splitlines()


class CheckIncludes(unittest.TestCase):
    def includes(self, files: dict[str, str]) -> list[str]:
        status, lines = run("check_includes.py", files)
        self.assertEqual(status, 1 if lines else 0)
        return lines

    def test_lower_ranks_the_own_folder_and_libraries_are_fine(self) -> None:
        text = '#include "tensor/a.h"\n#include "base/b.h"\n#include <vector>\n#include "cornu/error.h"\n'
        self.assertEqual(self.includes({"src/tensor/a.cc": text, "include/cornu/c.h": '#include "cornu/error.h"\n'}), [])

    def test_equal_and_higher_ranks_are_named_with_file_and_line(self) -> None:
        lines = self.includes({"src/tensor/sub/a.cc": '\n#include "kernels/k.h"\n', "src/base/b.h": '# include "tensor/a.h"\n'})
        self.assertEqual([line.split(": ")[0] for line in lines], ["src/base/b.h:1", "src/tensor/sub/a.cc:2"])

    def test_public_headers_include_nothing_of_src(self) -> None:
        lines = self.includes({"include/cornu/c.h": '#include "base/b.h"\n'})
        self.assertEqual(lines, ['include/cornu/c.h:1: "base/b.h" is of src/; the public headers include none of it'])

    def test_relative_paths_and_folders_without_rank_are_refused(self) -> None:
        self.assertIn("relative", self.includes({"src/tensor/a.cc": '#include "../base/b.h"\n'})[0])
        self.assertIn("has no rank", self.includes({"src/misc/a.cc": "\n"})[0])


class CheckLayout(unittest.TestCase):
    def layout(self, files: dict[str, str]) -> list[str]:
        status, lines = run("check_layout.py", files)
        self.assertEqual(status, 1 if lines else 0)
        return lines

    def test_units_with_their_tests_are_fine(self) -> None:
        names = [
            "src/base/a.cc", "src/base/a.h", "tests/base/a.cc", "src/base/no_header.cc", "src/ops/relu.cc", "tests/ops/relu.cc",
            "src/layers/dense.cc", "tests/layers/dense.py", "src/passes/fold.cc", "tests/passes/fold.txt", "src/layers/table.cc",
            "src/layers/common_a.cc", "src/formats/zip/x.cc", "tests/formats/zip_more.cc", "src/cli/run.cc", "tests/cli/run.txt",
        ]  # fmt: skip
        self.assertEqual(self.layout(dict.fromkeys(names, "")), [])

    def test_each_missing_test_is_one_line(self) -> None:
        units = ["src/base/a.cc", "src/ops/relu.cc", "src/layers/dense.cc", "src/passes/fold.cc"]
        lines = self.layout(dict.fromkeys([*units, "src/base/a.h", "src/formats/zip/x.cc"], ""))
        self.assertEqual(sorted(line.split(":")[0] for line in lines), sorted([*units, "src/formats/zip"]))

    def test_a_file_above_800_lines_is_named(self) -> None:
        self.assertEqual(self.layout({"tools/a.py": "\n" * 800}), [])
        self.assertEqual(self.layout({"tools/a.py": "\n" * 801}), ["tools/a.py: has 801 lines, at most 800 are allowed"])

    def test_a_tracked_generated_file_is_named(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            for name, text in {".gitignore": "build/\n", "build/a.o": "", "op_table.inc": "", "src/a.txt": ""}.items():
                path = pathlib.Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            for command in (["init", "-q"], ["add", "-f", "."]):
                subprocess.run(["git", "-C", folder, *command], check=True)
            result = subprocess.run(
                [sys.executable, str(TOOLS / "check_layout.py"), folder], capture_output=True, text=True, check=False
            )
            self.assertEqual([line.split(":")[0] for line in result.stdout.splitlines()], ["build/a.o", "op_table.inc"])


if __name__ == "__main__":
    unittest.main()
