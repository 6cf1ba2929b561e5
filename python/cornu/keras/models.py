"""keras.models: models of files and of configs."""

from __future__ import annotations

import os
import weakref
from collections.abc import Mapping
from typing import Any

from cornu import _cornu
from cornu.errors import BadConfigError
from cornu.keras._model import Model, _threads, custom_finder, from_serialized, model_class
from cornu.keras._sequential import Sequential
from cornu.saved_model import MOST_DEPTH, MOST_ITERATIONS

__all__ = ["Functional", "Model", "Sequential", "attach", "load_model", "model_from_config", "model_from_json", "save_model"]

Functional = model_class("Functional")

# Native models that live in this process, by handle: unpickling one again, or in a forked child, loads nothing. They are
# immutable; each Model over one is its own, and set_weights() changes that one alone.
_attached: weakref.WeakValueDictionary[str, _cornu.Model] = weakref.WeakValueDictionary()


def save_model(
    model: Model, filepath: str | os.PathLike[str], overwrite: bool = True, zipped: bool | None = None, **kwargs: Any
) -> None:
    """model.save(filepath, overwrite, zipped)."""
    model.save(filepath, overwrite, zipped, **kwargs)


def load_model(
    filepath: str | os.PathLike[str],
    custom_objects: Mapping[str, Any] | None = None,
    compile: bool = True,  # noqa: A002 - Keras's name
    safe_mode: bool = True,
    *,
    max_iterations: int = MOST_ITERATIONS,
    max_seconds: float = 0,
    max_depth: int = MOST_DEPTH,
) -> Model:
    """Maps a model file and returns the model.

    Args:
        filepath: a .h5, .hdf5 or .keras file, a folder with the content of one, or a SavedModel; told apart by content.
        custom_objects: for names that Keras does not have, and for Lambda layers by their names: functions of NumPy arrays, or
            subclasses of keras.layers.Layer. Code in a file is never run.
        compile: accepted as in Keras; the training configuration is not read.
        safe_mode: accepted as in Keras; code in a file is never run, whatever it says.
        max_iterations, max_seconds, max_depth: of the loops of a SavedModel, as in cornu.saved_model.load.
    Returns: the model; it keeps the file mapped.
    Raises: NotFoundError, IoError, BadFileError, BadConfigError, BadShapeError, UnsupportedError.
    Notes: the time grows with the number of layers and weights, not with their size.
    """
    del compile, safe_mode
    custom = custom_finder(custom_objects)
    native = _cornu.load(os.fsdecode(filepath), "", _threads(), custom, (max_iterations, max_seconds, max_depth))
    if custom is None:
        _attached[native.handle] = native
    return Model._of(native, custom)


def attach(handle: str, custom_objects: Mapping[str, Any] | None = None) -> Model:
    """The model of a handle, as pickling makes it: over the same pages of the same file as in the process that made it.

    Raises: BadFileError if the file was replaced or changed since; NotFoundError, IoError; BadArgumentError if it is no handle.
    """
    custom = custom_finder(custom_objects)
    native = _attached.get(handle) if custom is None else None
    if native is None or native.state_layers:  # a stateful model keeps its own states
        native = _cornu.attach(handle, custom)
        if custom is None:
            _attached[handle] = native
    return Model._of(native, custom)


def model_from_json(json_string: str, custom_objects: Mapping[str, Any] | None = None) -> Model:
    """The model of to_json()'s text, of any Keras. It has no weights until load_weights() or set_weights().

    Raises: BadConfigError, UnsupportedError.
    """
    import json

    try:
        serialized = json.loads(json_string)
    except ValueError as error:
        raise BadConfigError(f"the text is not JSON: {error}", "json_string") from error
    if not isinstance(serialized, dict):
        raise BadConfigError(f"expected the JSON object of a model, received {type(serialized).__name__}", "json_string")
    model: Model = from_serialized(serialized, custom_objects)
    return model


def model_from_config(config: dict[str, Any], custom_objects: Mapping[str, Any] | None = None) -> Model:
    """The model of a serialized config, {"class_name": ..., "config": ...}. It has no weights yet."""
    model: Model = from_serialized(config, custom_objects)
    return model
