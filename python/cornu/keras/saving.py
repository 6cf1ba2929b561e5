"""keras.saving: the functions of keras.models, and names for custom objects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cornu.keras._custom import CustomObjectScope, get_custom_objects, register_keras_serializable
from cornu.keras.models import load_model, save_model

__all__ = [
    "CustomObjectScope",
    "custom_object_scope",
    "get_custom_objects",
    "load_model",
    "register_keras_serializable",
    "save_model",
]

custom_object_scope: Callable[..., Any] = CustomObjectScope
