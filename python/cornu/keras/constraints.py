"""keras.constraints: what weights must be after each step of training."""

from __future__ import annotations

from typing import Any

import numpy as np

from cornu.keras import _serialize

_EPSILON = 1e-7


class Constraint(_serialize.Configured):
    """The base class: calling a constraint with an array gives the nearest allowed one."""

    _module = "constraints"
    _arguments: dict[str, Any] = {}

    def __call__(self, w: Any) -> np.ndarray:
        """The weight as it may be."""
        raise NotImplementedError

    def _lengths(self, w: np.ndarray) -> np.ndarray:
        axis = self.axis if isinstance(self.axis, int) else tuple(self.axis)
        return np.sqrt(np.square(w).sum(axis, keepdims=True))


class MaxNorm(Constraint):
    """Lengths along `axis` of at most `max_value`."""

    def __call__(self, w: Any) -> np.ndarray:
        """The weight as it may be."""
        lengths = self._lengths(np.asarray(w))
        return np.asarray(w) * (np.clip(lengths, 0, self.max_value) / (_EPSILON + lengths))


class NonNeg(Constraint):
    """No negative values."""

    def __call__(self, w: Any) -> np.ndarray:
        """The weight as it may be."""
        return np.maximum(w, 0)


class UnitNorm(Constraint):
    """Lengths along `axis` of 1."""

    def __call__(self, w: Any) -> np.ndarray:
        """The weight as it may be."""
        return np.asarray(w) / (_EPSILON + self._lengths(np.asarray(w)))


class MinMaxNorm(Constraint):
    """Lengths along `axis` moved towards [min_value, max_value], all of the way if `rate` is 1."""

    def __call__(self, w: Any) -> np.ndarray:
        """The weight as it may be."""
        lengths = self._lengths(np.asarray(w))
        wanted = self.rate * np.clip(lengths, self.min_value, self.max_value) + (1 - self.rate) * lengths
        return np.asarray(w) * (wanted / (_EPSILON + lengths))


_CLASSES: dict[str, Any] = {item.__name__: item for item in (MaxNorm, MinMaxNorm, NonNeg, UnitNorm)}
for _name, _class in _CLASSES.items():
    _class._arguments = _serialize.arguments_of("constraints", _name)
_ALIASES = {"nonneg": "NonNeg", "max_norm": "MaxNorm", "min_max_norm": "MinMaxNorm", "non_neg": "NonNeg", "unit_norm": "UnitNorm"}


def get(identifier: Any) -> Any:
    """The constraint of an object, name, class or config. Raises BadArgumentError."""
    return _serialize.find(identifier, "constraints", _CLASSES, _ALIASES)


def serialize(constraint: Any) -> dict[str, Any] | None:
    """Keras 3's JSON of a constraint."""
    return _serialize.serialize(constraint)


def deserialize(config: Any) -> Any:
    """The constraint of its JSON."""
    return get(config)
