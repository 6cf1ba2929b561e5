"""The part of Keras's interface that Cornu has, under Keras's names."""

import importlib
from typing import Any

from cornu.keras import models
from cornu.keras.models import Model, Sequential

__all__ = ["Input", "Model", "Sequential", "backend", "callbacks", "constraints", "initializers", "layers", "losses", "metrics",
           "models", "optimizers", "regularizers", "saving", "utils"]  # fmt: skip

_LATER = ("activations", "backend", "callbacks", "constraints", "initializers", "layers", "losses", "metrics", "ops", "optimizers",
          "regularizers", "saving", "utils")  # fmt: skip


def __getattr__(name: str) -> Any:
    """Modules that are loaded when they are first used."""
    if name == "Input":
        from cornu.keras._building import input_tensor

        return input_tensor
    if name in _LATER:
        return importlib.import_module(f"cornu.keras.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
