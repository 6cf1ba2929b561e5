"""keras.regularizers: what training adds to the loss for the size of weights."""

from __future__ import annotations

from typing import Any

import numpy as np

from cornu.keras import _serialize


class Regularizer(_serialize.Configured):
    """The base class: calling a regularizer with an array gives what it adds."""

    _module = "regularizers"
    _arguments: dict[str, Any] = {}

    def __call__(self, x: Any) -> Any:
        """The penalty, a number."""
        raise NotImplementedError


class L1(Regularizer):
    """l1 times the sum of the absolute values."""

    def __call__(self, x: Any) -> Any:
        """The penalty, a number."""
        return self.l1 * np.abs(x).sum()


class L2(Regularizer):
    """l2 times the sum of the squares."""

    def __call__(self, x: Any) -> Any:
        """The penalty, a number."""
        return self.l2 * np.square(x).sum()


class L1L2(Regularizer):
    """L1 and L2 together."""

    def __call__(self, x: Any) -> Any:
        """The penalty, a number."""
        return (self.l1 or 0) * np.abs(x).sum() + (self.l2 or 0) * np.square(x).sum()


class OrthogonalRegularizer(Regularizer):
    """factor times the mean of the products of different rows (or columns) of unit length."""

    def __call__(self, x: Any) -> Any:
        """The penalty, a number; x has 2 axes."""
        rows = np.asarray(x) if self.mode == "rows" else np.asarray(x).T
        rows = rows / np.sqrt(np.maximum((rows**2).sum(1, keepdims=True), 1e-12))
        size = len(rows)
        return self.factor * 0.5 * np.abs(rows @ rows.T * (1 - np.eye(size))).sum() / (size * (size - 1) / 2)


_CLASSES: dict[str, Any] = {item.__name__: item for item in (L1, L1L2, L2, OrthogonalRegularizer)}
for _name, _class in _CLASSES.items():
    _class._arguments = _serialize.arguments_of("regularizers", _name)
_ALIASES = {"l1": "L1", "l2": "L2", "l1_l2": "L1L2", "l1l2": "L1L2"}
l1, l2, l1_l2, orthogonal_regularizer = L1, L2, L1L2, OrthogonalRegularizer


def get(identifier: Any) -> Any:
    """The regularizer of an object, name, class or config. Raises BadArgumentError."""
    return _serialize.find(identifier, "regularizers", _CLASSES, _ALIASES)


def serialize(regularizer: Any) -> dict[str, Any] | None:
    """Keras 3's JSON of a regularizer."""
    return _serialize.serialize(regularizer)


def deserialize(config: Any) -> Any:
    """The regularizer of its JSON."""
    return get(config)
