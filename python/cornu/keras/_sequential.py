"""keras.Sequential: layers one after another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from cornu.errors import BadArgumentError
from cornu.keras import _model
from cornu.keras._tensor import KerasTensor
from cornu.keras.layers import serials


class Sequential(_model.Model):
    """A model of layers that each take what the one before gives.

    It is built once the shape of its input is known: from keras.Input as its first layer, a first layer with `input_shape`,
    build(), or the first array that it is called with.

    Args:
        layers: the layers in order; more come with add().
        trainable: as in Keras.
        name: default sequential, sequential_1, ...
    """

    _stack: list[Any] | None = None  # the layers; None for a loaded model
    _end: KerasTensor | None = None  # what the last of them gives

    def __init__(self, layers: Sequence[Any] | None = None, trainable: bool = True, name: str | None = None) -> None:
        from cornu.keras import _building

        self._own_name = name or _building.unique_name("sequential")
        self._calls, self._serial = [], next(serials)
        self._stack = []
        self._trainables = {} if trainable else {-1: False}
        for layer in layers or []:
            self.add(layer)

    def add(self, layer: Any, rebuild: bool = True) -> None:
        """Appends a layer. Raises BadArgumentError for what is no layer, or does not take what the last one gives."""
        del rebuild
        from cornu.keras.layers import Layer

        if isinstance(layer, KerasTensor) and layer._call is not None:
            layer = layer._call.layer
        if not isinstance(layer, Layer):
            raise BadArgumentError(f"expected a layer, received {layer!r}", self._own_name)
        if self._stack is None:
            raise BadArgumentError("a loaded model cannot grow; call it as a layer of a new Sequential", self.name)
        if layer._class_name == "InputLayer" and self._stack:
            raise BadArgumentError("an Input must come first", self._own_name)
        if any(layer.name == other.name for other in self._stack):
            raise BadArgumentError(f"two layers have the name {layer.name!r}; names of layers must differ", self._own_name)
        self._stack.append(layer)
        self._forget()
        if self._end is not None:
            self._end = layer(self._end)
        elif len(self._stack) == 1:
            shape = _known_shape(layer)
            if shape is not None:
                self.build(shape)

    def pop(self, rebuild: bool = True) -> Any:
        """Takes the last layer away and gives it."""
        del rebuild
        if not self._stack:
            raise BadArgumentError("there is no layer to take away", self._own_name)
        layer = self._stack.pop()
        self._forget()
        if self._end is not None and layer._class_name != "InputLayer":
            self._end = self._end._call.tensors[0]
        return layer

    def build(self, input_shape: Any = None) -> None:
        """Makes the weights for inputs of a shape, batch included."""
        from cornu.keras import _building

        if input_shape is None or self._end is not None or self._stack is None:
            return
        layers = self._stack
        if layers and layers[0]._class_name == "InputLayer":
            tensor = layers[0]._calls[0].outputs[0]
            layers = layers[1:]
        else:
            dtype = "int32" if layers and layers[0]._class_name == "Embedding" else "float32"
            tensor = _building.input_tensor(batch_shape=tuple(input_shape), dtype=dtype)
        for layer in layers:
            tensor = layer(tensor)
        self._end = tensor

    @property
    def name(self) -> str:
        """The model's name."""
        return str(self._own_name) if self._stack is not None and self._index < 0 else super().name

    @property
    def built(self) -> bool:
        """Whether the shape of the input is known."""
        return self._stack is None or self._end is not None

    @property
    def layers(self) -> list[Any]:
        """The layers, without an input layer."""
        if self._stack is not None:
            return [layer for layer in self._stack if layer._class_name != "InputLayer"]
        return super().layers

    def _build_for(self, x: Any) -> None:
        if self._stack is not None and self._end is None:
            self.build((None, *x.shape[1:]) if isinstance(x, KerasTensor) else (None, *np.shape(x)[1:]))

    def _forget(self) -> None:
        for key in (*_model.COMPILED, "_cells", "_values_held"):
            self.__dict__.pop(key, None)

    def __getattr__(self, name: str) -> Any:
        if name in _model.COMPILED and self.__dict__.get("_stack") is not None:
            self._compile()
            return self.__dict__[name]
        return super().__getattr__(name)

    def _compile(self) -> None:
        from cornu.keras import _building

        if self._end is None:
            raise BadArgumentError("the shape of the input is not known; begin with keras.Input, or call build()", self._own_name)
        calls = []
        call = self._end._call
        while True:
            calls.append(call)
            if not call.tensors:
                break
            call = call.tensors[0]._call
        layers = [call.layer for call in reversed(calls)]
        entries = [layer._as_json() for layer in layers]
        shape = list(calls[-1].outputs[0].shape)
        config = {"name": self._own_name, "trainable": True, "dtype": _building.policy("float32"), "layers": entries,
                  "build_input_shape": shape}  # fmt: skip
        self._compile_of({"module": "keras", "class_name": "Sequential", "config": config, "registered_name": None}, layers)

    def _ensure_cells(self) -> None:
        if self._stack is not None and "_native_model" not in self.__dict__:
            self._compile()
        super()._ensure_cells()


def _known_shape(layer: Any) -> Any:
    if layer._class_name == "InputLayer":
        return layer._config["batch_shape"]
    if isinstance(layer, _model.Model):
        return layer.input_shape if not isinstance(layer, Sequential) or layer.built else None
    return layer._first_shape


_model._MODEL_CLASSES["Sequential"] = Sequential
