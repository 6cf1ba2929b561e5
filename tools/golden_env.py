"""Finds or makes the Python environment that holds real Keras; only the golden and zoo tools need one.

`enter()` returns at once if the running interpreter already has the pinned packages. Else it makes `.venv-golden` in
the repository's root from tools/golden-requirements.txt (once, some minutes) and starts the running script again in it.

Example:
    import golden_env
    golden_env.enter()
    import keras
"""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "tools" / "golden-requirements.txt"


def pinned() -> dict[str, str]:
    """Package name -> version, as golden-requirements.txt pins them."""
    lines = [line.split("#")[0].strip() for line in REQUIREMENTS.read_text().splitlines()]
    return dict(line.split("==") for line in lines if line)


def installed() -> bool:
    """True if this interpreter has every pinned package in the pinned version."""
    try:
        return all(importlib.metadata.version(name) == version for name, version in pinned().items())
    except importlib.metadata.PackageNotFoundError:
        return False


def enter() -> None:
    """Makes sure that the rest of the script runs with the pinned packages; may replace the process.

    Sets what must be set before TensorFlow starts: oneDNN off and one thread, so that the same machine gives the
    same bits; a fixed hash seed, because Keras walks sets when it saves.

    Raises: SystemExit if the environment cannot be made.
    """
    fixed = {
        "KERAS_BACKEND": "tensorflow",
        "TF_ENABLE_ONEDNN_OPTS": "0",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "-1",
        "PYTHONHASHSEED": "0",
    }
    if installed() and all(os.environ.get(name) == value for name, value in fixed.items()):
        return
    python = sys.executable
    if not installed():
        folder = ROOT / ".venv-golden"
        python = str(folder / "bin" / "python")
        if Path(sys.executable) == Path(python):
            sys.exit(f"{folder} does not hold what {REQUIREMENTS.name} pins; remove it and run again")
        if not Path(python).exists():
            subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
            subprocess.run([python, "-m", "pip", "install", "-q", "-r", str(REQUIREMENTS)], check=True)
    os.execve(python, [python, *sys.argv], os.environ | fixed)
