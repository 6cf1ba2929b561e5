"""Writing models: what Model.save, Model.save_weights, Model.export and keras.saving.save_model do."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cornu import _cornu
from cornu.errors import BadArgumentError

# A model, its config, what gives Keras's compile_config or training_config as JSON text, and the optimizer's variables by path.
Saved = tuple[_cornu.Model, str, Callable[[str], str], list[tuple[str, Any]]]


def save(saved: Saved, filepath: str | os.PathLike[str], overwrite: bool = True, zipped: bool | None = None, **kwargs: Any) -> None:
    """Writes a model as Keras 3 does; the file appears complete or not at all.

    Args:
        saved: the model.
        filepath: ends in .keras, .h5 or .hdf5; a path, no file object.
        overwrite: False raises an error if the file is there, where Keras asks.
        zipped: None or True; plain folders are read, and not written.
        kwargs: as in Keras: `include_optimizer`, and `save_format`, which has to say what the ending says.
    Raises: BadArgumentError for another ending or argument; UnsupportedError naming what Keras 3 lacks; NotFoundError, IoError.
    """
    path = _path(filepath)
    with_optimizer = kwargs.pop("include_optimizer", True)
    kind = {".keras": "keras", ".h5": "h5", ".hdf5": "h5"}.get(Path(path).suffix)
    if kind is None or zipped is False:
        raise BadArgumentError("the name must end in .keras, .h5 or .hdf5, and names one file; SavedModels: Model.export", path)
    wanted = kwargs.pop("save_format", None)
    if wanted not in (None, kind) and not (wanted == "keras_v3" and kind == "keras"):
        raise BadArgumentError(f"save_format is {wanted!r}, and the name ends in {Path(path).suffix}", path)
    if kwargs:
        raise BadArgumentError(f"Keras takes no argument {next(iter(kwargs))!r} here", path)
    _write(saved, path, kind, overwrite, with_optimizer)


def save_weights(
    saved: Saved, filepath: str | os.PathLike[str], overwrite: bool = True, max_shard_size: float | None = None
) -> None:
    """Writes the weights alone as Keras 3 does; the name must end in .weights.h5, and shards are read, not written."""
    path = _path(filepath)
    if not path.endswith(".weights.h5"):
        raise BadArgumentError("the name must end in .weights.h5", path)
    if max_shard_size is not None:
        raise BadArgumentError("weights are written as one file; leave max_shard_size out", path)
    _write(saved, path, "weights", overwrite)


def export(
    saved: Saved,
    filepath: str | os.PathLike[str],
    format: str = "tf_saved_model",  # noqa: A002
    verbose: bool | None = None,
    input_signature: Any = None,
    **kwargs: Any,
) -> None:
    """Writes a SavedModel folder with the signature serving_default.

    Args:
        saved: the model; its forward pass is written, with free batch sizes.
        filepath: a folder; a SavedModel that is there is replaced.
        format: "tf_saved_model".
        verbose: accepted as in Keras; nothing is printed.
        input_signature: None: the model's own inputs.
        kwargs: none is known for this format.
    Raises: BadArgumentError for another format or argument; UnsupportedError listing the ops that cannot be written.
    """
    del verbose
    if format != "tf_saved_model":
        raise BadArgumentError(f"{format!r} is not written; use 'tf_saved_model'", "format")
    if input_signature is not None or kwargs:
        name = "input_signature" if input_signature is not None else next(iter(kwargs))
        raise BadArgumentError("models are exported with the inputs that they have; leave it out", name)
    _write(saved, _path(filepath), "saved_model", overwrite=True)


def _path(filepath: Any) -> str:
    if not isinstance(filepath, (str, bytes, os.PathLike)):
        raise BadArgumentError(f"models are written to a path, received {type(filepath).__name__}", "filepath")
    return os.fsdecode(filepath)


def _write(saved: Saved, path: str, kind: str, overwrite: bool, with_optimizer: bool = False) -> None:
    if not overwrite and Path(path).exists():
        raise BadArgumentError("the file is there and overwrite is False", path)
    native, config, compiled, optimizer = saved
    if with_optimizer:
        _cornu.save(native, config, path, kind, compiled(kind), optimizer)
    else:
        _cornu.save(native, config, path, kind)
