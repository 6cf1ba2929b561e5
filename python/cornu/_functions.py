"""tf.constant and other functions of TensorFlow's top level that scripts use around a model, on NumPy arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from cornu._arrays import Tensor

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

DTYPES = (
    "float16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "complex64",
    "complex128",
)  # fmt: skip


def constant(value: ArrayLike, dtype: Any = None, shape: Any = None) -> Any:
    """An array; of Python floats a float32, of Python integers an int32, as in TensorFlow."""
    array = np.asarray(value, dtype=dtype)
    if dtype is None and not isinstance(value, (np.ndarray, np.generic)):
        small = {"float64": np.float32, "int64": np.int32}.get(array.dtype.name)
        array = array if small is None else array.astype(small)
    return (array if shape is None else np.broadcast_to(array, shape) if array.size == 1 else array.reshape(shape)).view(Tensor)


def convert_to_tensor(value: ArrayLike, dtype: Any = None) -> Any:
    """The same as constant()."""
    return constant(value, dtype)


def cast(x: ArrayLike, dtype: Any) -> Any:
    """x in another type."""
    return np.asarray(x).astype(dtype).view(Tensor)


def expand_dims(input: ArrayLike, axis: int) -> Any:  # noqa: A002 - TensorFlow's name
    """x with an axis of size 1 at `axis`."""
    return np.expand_dims(np.asarray(input), axis).view(Tensor)


def squeeze(input: ArrayLike, axis: Any = None) -> Any:  # noqa: A002 - TensorFlow's name
    """x without its axes of size 1, or without those of `axis`."""
    return np.squeeze(np.asarray(input), tuple(axis) if isinstance(axis, list) else axis).view(Tensor)


def reshape(tensor: ArrayLike, shape: Any) -> Any:
    """x in another shape; a size of -1 follows from the others."""
    return np.reshape(np.asarray(tensor), shape).view(Tensor)


def argmax(input: ArrayLike, axis: int | None = None, output_type: Any = np.int64) -> Any:  # noqa: A002 - TensorFlow's name
    """Where the largest element is, along `axis` (default: the first)."""
    return np.asarray(np.argmax(np.asarray(input), axis=0 if axis is None else axis)).astype(output_type).view(Tensor)


def reduce_mean(input_tensor: ArrayLike, axis: Any = None, keepdims: bool = False) -> Any:
    """The mean along axes."""
    return np.asarray(np.mean(np.asarray(input_tensor), axis=axis, keepdims=keepdims)).view(Tensor)


def stack(values: Any, axis: int = 0) -> Any:
    """Arrays joined along a new axis."""
    return np.stack([np.asarray(value) for value in values], axis).view(Tensor)


def concat(values: Any, axis: int) -> Any:
    """Arrays joined along an axis."""
    return np.concatenate([np.asarray(value) for value in values], axis).view(Tensor)


def shape(input: ArrayLike) -> tuple[int, ...]:  # noqa: A002 - TensorFlow's name
    """The sizes of x."""
    return np.shape(input)
