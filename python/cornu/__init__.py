"""Cornu runs Keras models as they are: weights stay in the pages of the model's file.

Example:
    import cornu as tf
    from cornu import keras
    model = keras.models.load_model("model.keras")
    answers = model.predict(x)
"""

import importlib
from typing import Any

from cornu import config, errors, keras, saved_model
from cornu._cornu import version as __version__
from cornu.pool import Pool

__all__ = ["Pool", "__version__", "config", "errors", "keras", "saved_model"]

_LATER = ("nn",)


def __getattr__(name: str) -> Any:
    """Modules, functions and types of TensorFlow's top level, loaded when they are first used."""
    if name in _LATER:
        return importlib.import_module(f"cornu.{name}")
    if not name.startswith("_"):
        functions = importlib.import_module("cornu._functions")
        if name in functions.DTYPES:
            return getattr(functions.np, name)
        found = getattr(functions, name, None)
        if callable(found) and getattr(found, "__module__", "") == functions.__name__:
            return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
