"""The base class of metrics."""

from __future__ import annotations

from typing import Any

import numpy as np

from cornu.keras import _serialize
from cornu.keras.layers import snake_case

Array = np.ndarray


class Metric(_serialize.Configured):
    """The base class: update_state() takes a batch, result() tells the figure so far, reset_state() begins again.

    A metric of one's own defines these three; `add_weight` gives it arrays of zeros that reset_state() clears.
    """

    _module = "metrics"
    _arguments: dict[str, Any] = {"name": None, "dtype": None}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name: str = self._config.get("name") or snake_case(type(self).__name__)
        self._state: dict[str, Array] = {}
        self.reset_state()

    def add_weight(self, shape: Any = (), initializer: Any = None, dtype: Any = None, name: str | None = None) -> Any:
        """An array that is part of the state."""
        del initializer
        key = name or f"variable_{len(self._state)}"
        self._state[key] = np.zeros(shape, dtype or np.float64)
        return self._state[key]

    def update_state(self, *args: Any, **kwargs: Any) -> None:
        """Takes a batch."""
        raise NotImplementedError(f"{type(self).__name__} has no update_state()")

    def result(self) -> Any:
        """The figure over all batches since reset_state()."""
        raise NotImplementedError(f"{type(self).__name__} has no result()")

    def reset_state(self) -> None:
        """Begins again."""
        for array in self.__dict__.get("_state", {}).values():
            array[...] = 0

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """update_state(), then result()."""
        self.update_state(*args, **kwargs)
        return self.result()


def share(part: Array, whole: Array) -> Array:
    """part / whole, 0 where there is nothing."""
    part, whole = np.asarray(part, np.float64), np.asarray(whole, np.float64)
    return np.divide(part, whole, out=np.zeros(np.broadcast_shapes(part.shape, whole.shape)), where=whole != 0)
