"""Writing models: what Model.save, Model.save_weights, Model.export and keras.saving.save_model do."""

from __future__ import annotations

import os
from typing import Any

from cornu import _cornu
from cornu.errors import BadArgumentError

Saved = tuple[_cornu.Model, str]  # a model and its config


def save(saved: Saved, filepath: str | os.PathLike[str], overwrite: bool = True, **kwargs: Any) -> None:
    """Writes a model as Keras 3 does.

    Args:
        saved: the model.
        filepath: ends in .keras, .h5 or .hdf5.
        overwrite: False raises an error if the file is there.
        kwargs: accepted as in Keras: `include_optimizer` and `zipped`; the state of an optimizer is not written.
    Raises: BadArgumentError for another ending; UnsupportedError naming what Keras 3 lacks; NotFoundError, IoError.
    """
    ending = os.path.splitext(os.fsdecode(filepath))[1]
    if ending not in (".keras", ".h5", ".hdf5") or kwargs.get("zipped") is False:
        raise BadArgumentError("the name must end in .keras, .h5 or .hdf5, and names one file", os.fsdecode(filepath))
    _write(saved, filepath, "keras" if ending == ".keras" else "h5", overwrite)


def save_weights(saved: Saved, filepath: str | os.PathLike[str], overwrite: bool = True) -> None:
    """Writes the weights alone as Keras 3 does; the name must end in .weights.h5."""
    if not os.fsdecode(filepath).endswith(".weights.h5"):
        raise BadArgumentError("the name must end in .weights.h5", os.fsdecode(filepath))
    _write(saved, filepath, "weights", overwrite)


def export(saved: Saved, filepath: str | os.PathLike[str], format: str, **kwargs: Any) -> None:  # noqa: A002
    """Writes a SavedModel folder with the signature serving_default.

    Args:
        saved: the model; its forward pass is written, with free batch sizes.
        filepath: a folder; a SavedModel that is there is replaced.
        format: "tf_saved_model".
        kwargs: accepted as in Keras: `verbose`.
    Raises: BadArgumentError for another format; UnsupportedError listing the ops that cannot be written.
    """
    del kwargs
    if format != "tf_saved_model":
        raise BadArgumentError(f"'{format}' is not written; use 'tf_saved_model'", "format")
    _write(saved, filepath, "saved_model", overwrite=True)


def _write(saved: Saved, filepath: str | os.PathLike[str], kind: str, overwrite: bool) -> None:
    path = os.fsdecode(filepath)
    if not overwrite and os.path.exists(path):
        raise BadArgumentError("the file is there and overwrite is False", path)
    native, config = saved
    _cornu.save(native, config, path, kind)
