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

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    def __repr__(self) -> str:
        return f"<KerasTensor shape={self.shape}, dtype={self.dtype}, name={self.name}>"
