"""Symbolic tensors: the inputs and outputs of models and layers, without values."""

from __future__ import annotations

from typing import Any

Shape = tuple[int | None, ...]


class KerasTensor:
    """One tensor of a model's graph; keras.Model(inputs, outputs) cuts a model out between such tensors.

    Attributes: name, shape (sizes of None are free), dtype.
    """

    def __init__(self, name: str, shape: Shape, dtype: str, graph: Any = None, ref: tuple[str, int, int] | None = None) -> None:
        self.name = name
        self.shape = shape
        self.dtype = dtype
        self._graph = graph  # the model whose graph it is a tensor of
        self._ref = ref  # layer, node, tensor in the config of that model
        self._call: Any = None  # of a tensor outside of loaded models: the call that gives it
        self._index = 0  # and which of its outputs it is

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    def __add__(self, other: Any) -> Any:
        return _operation("Add", self, other)

    def __radd__(self, other: Any) -> Any:
        return _operation("Add", other, self)

    def __sub__(self, other: Any) -> Any:
        return _operation("Subtract", self, other)

    def __rsub__(self, other: Any) -> Any:
        return _operation("Subtract", other, self)

    def __mul__(self, other: Any) -> Any:
        return _operation("Multiply", self, other)

    def __rmul__(self, other: Any) -> Any:
        return _operation("Multiply", other, self)

    def __truediv__(self, other: Any) -> Any:
        return _operation("TrueDivide", self, other)

    def __rtruediv__(self, other: Any) -> Any:
        return _operation("TrueDivide", other, self)

    def __pow__(self, other: Any) -> Any:
        return _operation("Power", self, other)

    def __matmul__(self, other: Any) -> Any:
        return _operation("Matmul", self, other)

    def __lt__(self, other: Any) -> Any:
        return _operation("Less", self, other)

    def __le__(self, other: Any) -> Any:
        return _operation("LessEqual", self, other)

    def __gt__(self, other: Any) -> Any:
        return _operation("Greater", self, other)

    def __ge__(self, other: Any) -> Any:
        return _operation("GreaterEqual", self, other)

    def __mod__(self, other: Any) -> Any:
        return _operation("Mod", self, other)

    def __floordiv__(self, other: Any) -> Any:
        return _operation("FloorDivide", self, other)

    def __and__(self, other: Any) -> Any:
        return _operation("LogicalAnd", self, other)

    def __or__(self, other: Any) -> Any:
        return _operation("LogicalOr", self, other)

    def __xor__(self, other: Any) -> Any:
        return _operation("LogicalXor", self, other)

    def __rpow__(self, other: Any) -> Any:
        return _operation("Power", other, self)

    def __rmatmul__(self, other: Any) -> Any:
        return _operation("Matmul", other, self)

    def __rmod__(self, other: Any) -> Any:
        return _operation("Mod", other, self)

    def __rfloordiv__(self, other: Any) -> Any:
        return _operation("FloorDivide", other, self)

    def __invert__(self) -> Any:
        return _operation("LogicalNot", self)

    def __neg__(self) -> Any:
        return _operation("Negative", self)

    def __abs__(self) -> Any:
        return _operation("Absolute", self)

    def __getitem__(self, index: Any) -> Any:
        return _operation("GetItem", self, index)

    def __iter__(self) -> Any:
        raise TypeError("a symbolic tensor has no values to iterate over")

    def __bool__(self) -> bool:
        raise TypeError("a symbolic tensor has no truth value")

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError("a symbolic tensor has no values; predict with a model that gives it")

    __array_ufunc__ = None  # NumPy's operators leave the work to those above

    def __repr__(self) -> str:
        return f"<KerasTensor shape={self.shape}, dtype={self.dtype}, name={self.name}>"


def _operation(class_name: str, *args: Any) -> Any:
    from cornu.keras import _building

    return _building.operation(class_name, "keras.src.ops.numpy", list(args))
