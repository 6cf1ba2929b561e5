"""The models of tests/golden/python with what real Keras says of them; tools/make_python_cases.py made both."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

FOLDER = Path(__file__).resolve().parents[1] / "golden" / "python"
AIM = 1e-5


def path_of(name: str) -> Path:
    return FOLDER / f"{name}.keras"


def facts_of(name: str) -> dict[str, Any]:
    return json.loads((FOLDER / f"{name}.json").read_text())


def arrays_of(name: str, prefix: str) -> dict[str, np.ndarray]:
    """The stored arrays whose names begin with "input_", "output_" or "weight_", without that."""
    with np.load(FOLDER / f"{name}.npz") as stored:
        return {key.removeprefix(prefix): stored[key] for key in stored.files if key.startswith(prefix)}


def assert_close(answers: Any, expected: Any) -> None:
    """Dicts, lists or arrays are equal within the aim, relative to their scale."""
    if isinstance(expected, dict):
        assert list(answers) == list(expected)
        for key, value in expected.items():
            assert_close(answers[key], value)
        return
    if isinstance(expected, list):
        assert len(answers) == len(expected)
        for answer, value in zip(answers, expected, strict=True):
            assert_close(answer, value)
        return
    assert answers.shape == expected.shape
    assert np.abs(answers - expected).max(initial=0) <= AIM * max(1.0, np.abs(expected).max(initial=0))
