"""Functions of keras.ops on arrays, under the names of Keras.

What NumPy has under the same name and meaning (`matmul`, `einsum`, `where`, `exp`, ...) is NumPy's; the rest stands here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from cornu.keras.activations import (
    elu,
    gelu,
    hard_sigmoid,
    hard_silu,
    leaky_relu,
    log_sigmoid,
    log_softmax,
    relu,
    relu6,
    selu,
    sigmoid,
    silu,
    softmax,
    softplus,
    softsign,
)

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = [
    "cast", "concatenate", "convert_to_numpy", "convert_to_tensor", "elu", "erf", "gelu", "hard_sigmoid", "hard_silu",
    "leaky_relu", "log_sigmoid", "log_softmax", "logsumexp", "normalize", "one_hot", "relu", "relu6", "rsqrt", "selu", "shape",
    "sigmoid", "silu", "softmax", "softplus", "softsign", "stop_gradient", "top_k", "unstack",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    function = getattr(np, name, None)
    if callable(function):
        return function
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def convert_to_tensor(x: ArrayLike, dtype: Any = None) -> Any:
    """x as an array."""
    return np.asarray(x, dtype=dtype)


def convert_to_numpy(x: ArrayLike) -> np.ndarray:
    """x as an array."""
    return np.asarray(x)


def cast(x: ArrayLike, dtype: Any) -> Any:
    """x in another type."""
    return np.asarray(x).astype(dtype)


def shape(x: ArrayLike) -> tuple[int, ...]:
    """The sizes of x."""
    return np.shape(x)


def concatenate(xs: Sequence[ArrayLike], axis: int = 0) -> Any:
    """Arrays joined along an axis."""
    return np.concatenate([np.asarray(x) for x in xs], axis=axis)


def stop_gradient(variable: ArrayLike) -> Any:
    """x: nothing is trained here."""
    return np.asarray(variable)


def rsqrt(x: ArrayLike) -> Any:
    """1 / sqrt(x)"""
    return 1 / np.sqrt(np.asarray(x))


def erf(x: ArrayLike) -> Any:
    """The error function."""
    import math

    array = np.asarray(x)
    return np.vectorize(math.erf, otypes=[array.dtype])(array) if array.size else array


def logsumexp(x: ArrayLike, axis: Any = None, keepdims: bool = False) -> Any:
    """log(sum(exp(x)))"""
    array = np.asarray(x)
    top = array.max(axis=axis, keepdims=True)
    total = np.log(np.exp(array - top).sum(axis=axis, keepdims=True)) + top
    return total if keepdims else np.squeeze(total, axis=axis)


def normalize(x: ArrayLike, axis: int = -1, order: int = 2, epsilon: float | None = None) -> Any:
    """x divided by its norm along an axis, of at least epsilon."""
    array = np.asarray(x)
    smallest = 1e-7 if epsilon is None else epsilon  # Keras's
    return array / np.maximum(np.linalg.norm(array, ord=order, axis=axis, keepdims=True), smallest)


def one_hot(x: ArrayLike, num_classes: int, axis: int = -1, dtype: Any = "float32") -> Any:
    """Rows with a 1 at the index; of zeros for indices outside."""
    index = np.asarray(x)
    rows = (index[..., np.newaxis] == np.arange(num_classes)).astype(dtype)
    return np.moveaxis(rows, -1, axis)


def top_k(x: ArrayLike, k: int, sorted: bool = True) -> tuple[Any, Any]:  # noqa: A002 - Keras's name
    """The k largest of the last axis, and where they are; the first of equal ones first."""
    del sorted
    array = np.asarray(x)
    index = np.argsort(-array, axis=-1, kind="stable")[..., :k]
    return np.take_along_axis(array, index, -1), index.astype(np.int32)


def unstack(x: ArrayLike, num: int | None = None, axis: int = 0) -> list[Any]:
    """The parts of x along an axis."""
    del num
    return list(np.moveaxis(np.asarray(x), axis, 0))
