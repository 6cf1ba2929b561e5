"""keras.saving: the functions of keras.models, and names for custom objects."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from cornu.keras._custom import CustomObjectScope, get_custom_objects, register_keras_serializable
from cornu.keras._model import Model
from cornu.keras.models import load_model, save_model

__all__ = [
    "CustomObjectScope",
    "custom_object_scope",
    "get_custom_objects",
    "load_model",
    "load_weights",
    "register_keras_serializable",
    "save_model",
    "save_weights",
]


def save_weights(
    model: Model, filepath: str | os.PathLike[str], overwrite: bool = True, max_shard_size: float | None = None, **kwargs: Any
) -> None:
    """model.save_weights(filepath, overwrite, max_shard_size)."""
    model.save_weights(filepath, overwrite, max_shard_size, **kwargs)


def load_weights(model: Model, filepath: str | os.PathLike[str], skip_mismatch: bool = False, **kwargs: Any) -> None:
    """model.load_weights(filepath, skip_mismatch)."""
    model.load_weights(filepath, skip_mismatch, **kwargs)


custom_object_scope: Callable[..., Any] = CustomObjectScope
