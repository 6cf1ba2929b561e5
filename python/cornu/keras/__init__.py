"""The part of Keras's interface that Cornu has, under Keras's names."""

import importlib
from typing import Any

from cornu.keras import models
from cornu.keras.models import Model, Sequential

__all__ = ["Model", "Sequential", "backend", "callbacks", "layers", "models", "saving", "utils"]

_LATER = ("activations", "backend", "callbacks", "layers", "ops", "saving", "utils")


def __getattr__(name: str) -> Any:
    """Modules that are loaded when they are first used."""
    if name in _LATER:
        return importlib.import_module(f"cornu.keras.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
