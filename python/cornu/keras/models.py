"""keras.models: loading a model file, and the model that comes of it."""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from cornu import _cornu
from cornu.errors import BadArgumentError, BadShapeError, UnsupportedError

DEFAULT_BATCH_SIZE = 32  # Keras's

Shape = tuple[int | None, ...]
Inputs = ArrayLike | Sequence[ArrayLike] | Mapping[str, ArrayLike]


class Port(NamedTuple):
    """An input or output of a model; sizes of None are free."""

    name: str
    dtype: str
    shape: Shape


class Model:
    """A loaded model; immutable, and usable from several threads at a time.

    Made by load_model(). Weights lie in the pages of the file, which several processes share.
    """

    def __init__(self, native: _cornu.Model) -> None:
        self._native = native

    @property
    def name(self) -> str:
        """The model's name in its config."""
        return self._native.name

    @property
    def inputs(self) -> list[Port]:
        """Name, type and shape of each input, in the model's order."""
        return [Port(*port) for port in self._native.inputs]

    @property
    def outputs(self) -> list[Port]:
        """Name, type and shape of each output, in the model's order."""
        return [Port(*port) for port in self._native.outputs]

    @property
    def input_names(self) -> list[str]:
        """Names of the inputs."""
        return [port.name for port in self.inputs]

    @property
    def output_names(self) -> list[str]:
        """Names of the outputs."""
        return [port.name for port in self.outputs]

    @property
    def input_shape(self) -> Shape | list[Shape]:
        """The shape of the input, or a list of shapes if there are several inputs."""
        shapes = [port.shape for port in self.inputs]
        return shapes[0] if len(shapes) == 1 else shapes

    @property
    def output_shape(self) -> Shape | list[Shape]:
        """The shape of the output, or a list of shapes if there are several outputs."""
        shapes = [port.shape for port in self.outputs]
        return shapes[0] if len(shapes) == 1 else shapes

    def count_params(self) -> int:
        """The number of weights."""
        return sum(int(np.prod(shape, dtype=np.int64)) for _, _, shape, _ in self._native.weights)

    def predict(
        self, x: Inputs, batch_size: int | None = None, verbose: str | int = "auto"
    ) -> np.ndarray | list[np.ndarray]:
        """Answers for all rows of the inputs, in pieces of `batch_size` rows.

        Args:
            x: one array, a list of arrays in the order of `inputs`, or a dict by input name; cast to the declared types.
            batch_size: rows of one pass, at least 1; None means 32.
            verbose: accepted as in Keras; nothing is printed.
        Returns: an array, or a list of arrays if there are several outputs; rows in the order of `x`.
        Raises: BadShapeError if an array does not fit; BadArgumentError for a name or size that is wrong.
        """
        del verbose
        answers = self._native.predict(self._arrays(x), DEFAULT_BATCH_SIZE if batch_size is None else batch_size)
        return answers[0] if len(answers) == 1 else answers

    def predict_on_batch(self, x: Inputs) -> np.ndarray | list[np.ndarray]:
        """Like predict(), all rows in one pass."""
        arrays = self._arrays(x)
        rows = max((len(array) for array in arrays if array.ndim), default=1)
        answers = self._native.predict(arrays, max(rows, 1))
        return answers[0] if len(answers) == 1 else answers

    def __call__(self, x: Inputs, training: bool = False) -> np.ndarray | list[np.ndarray]:
        """Like predict_on_batch(). Raises UnsupportedError if `training` is true."""
        if training:
            raise UnsupportedError("a loaded model only infers; call it with training=False", "training")
        return self.predict_on_batch(x)

    def summary(self, print_fn: Callable[[str], Any] | None = None) -> None:
        """Prints a table of the layers, line by line, with `print_fn` (default: print)."""
        show = print if print_fn is None else print_fn
        rows = [("Layer (type)", "Output shape", "Params")]
        for name, class_name, shape, params, depth in self._native.layers:
            rows.append((f"{'  ' * depth}{name} ({class_name})", str(shape) if shape else "", f"{params:,}"))
        widths = [max(len(row[column]) for row in rows) for column in range(3)]
        show(f'Model: "{self.name}"')
        for i, (layer, shape, params) in enumerate(rows):
            show(f"{layer:{widths[0]}}  {shape:{widths[1]}}  {params:>{widths[2]}}".rstrip())
            if i == 0:
                show("-" * (sum(widths) + 4))
        show(f"Total params: {self.count_params():,}")

    def __reduce__(self) -> tuple[Callable[[str], Model], tuple[str]]:
        """Pickles to a handle of some hundred bytes: path and identity of the file, no weights."""
        return attach, (self._native.handle,)

    def __repr__(self) -> str:
        return f"<cornu {self._native.class_name} {self.name!r}, inputs {self.inputs}, outputs {self.outputs}>"

    def _arrays(self, x: Inputs) -> list[np.ndarray]:
        """The inputs in the model's order, as C-ordered arrays in native byte order."""
        names = self.input_names
        if isinstance(x, Mapping):
            missing = [name for name in names if name not in x]
            if missing:
                raise BadArgumentError(f"the dict lacks the inputs {missing}; it has {list(x)}", "x")
            given = [x[name] for name in names]
        elif isinstance(x, (list, tuple)) and (len(names) > 1 or _is_list_of_arrays(x)):
            if len(x) != len(names):
                raise BadArgumentError(f"received {len(x)} arrays, the model has the inputs {names}", "x")
            given = list(x)
        elif len(names) == 1:
            given = [x]
        else:
            raise BadArgumentError(f"received one array, the model has the inputs {names}", "x")
        return [_to_array(value, name) for value, name in zip(given, names, strict=True)]


# Models that live in this process by handle: unpickling one again, or in a forked child, costs nothing.
_attached: weakref.WeakValueDictionary[str, Model] = weakref.WeakValueDictionary()


def attach(handle: str) -> Model:
    """The model of a handle, as pickling makes it: over the same pages of the same file as in the process that made it.

    Raises: BadFileError if the file was replaced or changed since; NotFoundError, IoError; BadArgumentError if it is no handle.
    """
    model = _attached.get(handle)
    if model is None:
        model = Model(_cornu.attach(handle))
        _attached[handle] = model
    return model


def _is_list_of_arrays(x: Sequence[Any]) -> bool:
    """True for [array]: a list of inputs, while [[1, 2], [3, 4]] is an array written as a list."""
    return len(x) == 1 and isinstance(x[0], np.ndarray)


def _to_array(value: ArrayLike, name: str) -> np.ndarray:
    array = np.asarray(value)
    if array.dtype.kind not in "fiubc":
        raise BadShapeError(f"the input has elements of type {array.dtype}; the model takes numbers", name)
    return np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("=")).reshape(array.shape)


def load_model(
    filepath: str | os.PathLike[str],
    custom_objects: Mapping[str, Any] | None = None,
    compile: bool = True,  # noqa: A002 - Keras's name
    safe_mode: bool = True,
) -> Model:
    """Maps a model file and returns the model.

    Args:
        filepath: a .h5, .hdf5 or .keras file, or a folder with the content of one; told apart by content.
        custom_objects: accepted as in Keras, and not used: a model that needs one of them is refused by name.
        compile: accepted as in Keras; the training configuration is not read.
        safe_mode: accepted as in Keras; code in a file is never run, whatever it says.
    Returns: the model; it keeps the file mapped.
    Raises: NotFoundError, IoError, BadFileError, BadConfigError, BadShapeError, UnsupportedError.
    Notes: the time grows with the number of layers and weights, not with their size.
    """
    del custom_objects, compile, safe_mode
    model = Model(_cornu.load(os.fsdecode(filepath), "", 0))
    _attached[model._native.handle] = model
    return model
