"""Weights as Keras shows them: an array with a name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin


class Variable(NDArrayOperatorsMixin):
    """A weight: works as an array in NumPy's functions and in arithmetic.

    Args:
        name: the weight's own name ("kernel").
        shape, dtype, trainable: as in Keras.
        path: the layers above it and the name ("dense/kernel").
        read: gives the current array.
        write: takes a new one; None for a variable that is read-only.
    """

    def __init__(
        self,
        name: str,
        shape: tuple[int, ...],
        dtype: str,
        trainable: bool,
        path: str,
        read: Callable[[], np.ndarray],
        write: Callable[[np.ndarray], None] | None = None,
    ) -> None:
        self.name = name
        self.shape = shape
        self.dtype = dtype
        self.trainable = trainable
        self.path = path
        self._read = read
        self._write = write

    @property
    def value(self) -> np.ndarray:
        """The current array."""
        return self._read()

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    def numpy(self) -> np.ndarray:
        """The current array."""
        return self._read()

    def assign(self, value: Any) -> None:
        """Takes a new array of the same shape."""
        if self._write is None:
            raise TypeError(f"the variable {self.path!r} is read-only")
        self._write(np.asarray(value))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        array = self._read()
        if dtype is not None and array.dtype != dtype:
            return array.astype(dtype)
        return array.copy() if copy else array

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        plain = [item.value if isinstance(item, Variable) else item for item in inputs]
        return getattr(ufunc, method)(*plain, **kwargs)

    def __getitem__(self, index: Any) -> Any:
        return self._read()[index]

    def __float__(self) -> float:
        return float(self._read())

    def __int__(self) -> int:
        return int(self._read())

    def __len__(self) -> int:
        return self.shape[0]

    def __repr__(self) -> str:
        return f"<Variable path={self.path}, shape={self.shape}, dtype={self.dtype}>"
