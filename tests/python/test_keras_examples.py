"""The scripts of examples/keras, as a user would start them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
DIGITS = EXAMPLES / "digits"
LIMIT = 120  # seconds

EXPECTED = {
    "classify.py": r"1/1 .*\nThis is most likely a 0 with \d+\.\d\d percent confidence\.\n",
    "features.py": r"nearest to image 0: \[\d+, \d+, \d+\]\nfeatures \(100, 128\) digits \[0, 5, 0, 5, \d\]\n",
    "evaluate.py": r"4/4 .*\naccuracy: 1\.0\nconfusions: 0\n",
    "architecture_and_weights.py": r"\[0, 5, 0\]\nconv1 24 \(3, 3\) \(3, 3, 1, 24\)\nconv2 .*\nconv3 32 .*\n",
    "stream.py": r"\[(\d, ){19}\d\]\n",
    "custom_objects.py": r"0\.0 1\.848 3\.856 3\.946\nModel: \"small\"\n(?s:.*) Total params: 14 (?s:.*)",
    "threads.py": r"right: 100 of 100\n",
}


@pytest.mark.parametrize("script", sorted(path.name for path in (EXAMPLES / "keras").glob("*.py")))
def test_a_keras_script_runs_with_its_imports_changed(script: str) -> None:
    command = [sys.executable, EXAMPLES / "keras" / script, DIGITS / "digits.keras", DIGITS / "digits.npz"]
    done = subprocess.run([str(part) for part in command], capture_output=True, check=False, timeout=LIMIT)
    assert done.returncode == 0, done.stderr.decode()
    text = re.sub(r"\x1b\[\d+m|.*\r", "", done.stdout.decode())
    assert re.fullmatch(EXPECTED[script], text), text


def test_scripts_find_the_digits_that_are_there() -> None:
    labels = np.load(DIGITS / "digits.npz")["labels"]
    assert labels[:3].tolist() == [0, 5, 0]
