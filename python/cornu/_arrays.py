"""What a caller gives as an array, as something the native module reads in place where it can."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from cornu.errors import BadShapeError

NUMBERS = "fiubc"  # kinds of NumPy types that hold numbers
STRINGS = "SUO"
BFLOAT16_SHIFT = 16  # bfloat16 is the upper half of float32


class Tensor(np.ndarray):
    """The array that calling a model gives: a NumPy array with TensorFlow's `numpy()`."""

    def numpy(self) -> np.ndarray:
        """The same array as a plain NumPy array."""
        return self.view(np.ndarray)


def is_array(value: Any) -> bool:
    """Whether a value is an array by itself, not a list of numbers: NumPy, pandas, tensors of other libraries."""
    return isinstance(value, (np.ndarray, memoryview, bytearray)) or any(
        hasattr(value, name) for name in ("__array__", "__dlpack__", "__array_interface__", "toarray")
    )


def gives_batches(x: Any) -> bool:
    """Whether `x` is a data set or generator of batches, not one input."""
    if isinstance(x, (np.ndarray, list, tuple, Mapping, str, bytes)) or is_array(x):
        return False
    return hasattr(x, "__next__") or hasattr(x, "__iter__") or (hasattr(x, "__getitem__") and hasattr(x, "__len__"))


def as_numpy(value: Any, name: str) -> np.ndarray:
    """A NumPy array of an array-like value, without a copy where its library allows.

    Raises: BadShapeError (where: name) for rows of different lengths, tensors on a device, and what is no array.
    """
    if isinstance(value, np.ndarray):
        return value
    if hasattr(value, "detach"):  # a tensor that PyTorch tracks for gradients
        value = value.detach()
    if hasattr(value, "toarray"):  # scipy.sparse
        value = value.toarray()
    try:
        if hasattr(value, "__dlpack__") and not hasattr(value, "__array__"):
            return np.from_dlpack(value)
        return np.asarray(value)
    except (TypeError, ValueError, RuntimeError, BufferError) as error:
        raise BadShapeError(f"cannot make an array of {_describe(value)}: {error}", name) from error


def to_input(value: Any, name: str, dtype: str) -> np.ndarray | tuple[list[bytes], tuple[int, ...]]:
    """The value as the native module takes it for an input of a type: C-ordered, native byte order; strings as bytes."""
    array = as_numpy(value, name)
    if dtype == "string":
        return _strings(array, name)
    if array.dtype.kind in "OV":  # a pandas frame of mixed columns, Python's large integers, bfloat16 of ml_dtypes
        try:
            array = array.astype(np.float64)
        except (TypeError, ValueError) as error:
            raise BadShapeError(f"the input holds {array.dtype} elements that are no numbers: {error}", name) from error
    if array.dtype.kind not in NUMBERS:
        raise BadShapeError(f"the input has elements of type {array.dtype}; the model takes {dtype}", name)
    if array.dtype == np.longdouble and array.dtype.itemsize > np.dtype(np.float64).itemsize:
        array = array.astype(np.float64)
    return np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("=")).reshape(array.shape)


def from_bfloat16(bits: np.ndarray) -> np.ndarray:
    """An array of ml_dtypes.bfloat16 where that package is installed, else of float32, of the bits of bfloat16 numbers."""
    try:
        import ml_dtypes
    except ImportError:
        return (bits.astype(np.uint32) << BFLOAT16_SHIFT).view(np.float32)
    return bits.view(ml_dtypes.bfloat16)


def read_only(buffer: Any) -> np.ndarray:
    """A read-only array over a native buffer; a copy if its bytes are misaligned or NumPy lacks the type."""
    array = np.asarray(buffer)
    if buffer.dtype == "bfloat16":
        array = from_bfloat16(array)
    if not array.flags.aligned:
        array = array.copy()
    array.flags.writeable = False
    return array


def _strings(array: np.ndarray, name: str) -> tuple[list[bytes], tuple[int, ...]]:
    if array.dtype.kind not in STRINGS:
        raise BadShapeError(f"the input has elements of type {array.dtype}; the model takes strings", name)
    items: list[bytes] = []
    for item in array.ravel().tolist():
        if isinstance(item, str):
            items.append(item.encode())
        elif isinstance(item, bytes):
            items.append(item)
        else:
            raise BadShapeError(f"the input holds {_describe(item)}; the model takes strings", name)
    return items, array.shape


def _describe(value: Any) -> str:
    kind = type(value)
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"
