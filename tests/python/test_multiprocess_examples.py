"""The scripts of examples/multiprocess, as a user starts them: every digit is read right."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
METHODS = ["spawn", "fork", "forkserver"]
LIMIT = 120  # seconds; what takes longer hangs


RUNS = [(script, lines, method) for script, lines in [("each_worker_loads", 1), ("parent_passes_model", 3)] for method in METHODS]


@pytest.mark.parametrize(("script", "lines", "method"), [*RUNS, ("cornu_pool", 3, "")])
def test_examples_read_every_digit(script: str, lines: int, method: str) -> None:
    with np.load(EXAMPLES / "digits" / "digits.npz") as arrays:
        expected = "".join(str(digit) for digit in arrays["output_0"].argmax(axis=1))
    path = str(EXAMPLES / "digits" / "digits.keras")
    command = [sys.executable, str(EXAMPLES / "multiprocess" / f"{script}.py"), path, method]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [expected] * lines
