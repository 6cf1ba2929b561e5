"""keras.ops: functions of arrays, and of symbolic tensors, of which they make Keras's operations.

Of arrays NumPy computes what it has under the same name and meaning; what it lacks, such as `image.resize`, the native module
computes. Of symbolic tensors every function of Keras 3 gives a symbolic tensor, if `cornu list layers` can read its operation.

Example:
    x = keras.Input((8,))
    model = keras.Model(x, keras.ops.mean(keras.ops.exp(x), axis=-1, keepdims=True))
"""

from __future__ import annotations

from typing import Any

SPACES = ("image", "linalg", "nn", "numpy")


class Space:
    """A namespace of functions, such as keras.ops.image."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        return _function(f"{self._name}.{name}")

    def __repr__(self) -> str:
        return f"<functions of keras.ops.{self._name}>"


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = Space(name) if name in SPACES else _function(name)
    globals()[name] = found
    return found


def _function(name: str) -> Any:
    from cornu.keras import _operators

    return _operators.function(name)
