"""What stateful recurrent layers keep from batch to batch and from call to call.

The native model keeps it. A free layer that several models are made of has a state in each of them.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cornu._arrays import Tensor, read_only
from cornu.errors import BadArgumentError

if TYPE_CHECKING:
    from cornu import _cornu

ATTRIBUTES = ("states", "reset_state", "reset_states")
RECURRENT = ("RNN", "SimpleRNN", "LSTM", "GRU", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D", "Bidirectional", "CuDNNLSTM", "CuDNNGRU")


def has(layer: Any) -> bool:
    """Whether a layer is of a class that may be stateful."""
    return (layer._class_name or type(layer).__name__) in RECURRENT


def attribute(layer: Any, name: str) -> Any:
    """`layer.states`, or one of its functions."""
    if name == "states":
        return [read_only(native.states()[index]).copy().view(Tensor) for native, indices in _places(layer) for index in indices]

    def reset_states(states: Any = None) -> None:
        """Makes what the layer keeps zero again, or what is given."""
        reset(layer) if states is None else _set(layer, states)

    return reset_states


def reset(layer: Any) -> None:
    """Makes what a layer or model keeps zero again, in every model that it is part of."""
    for native, indices in _places(layer):
        for index in indices:
            native.reset_state(index)


def _set(layer: Any, states: Any) -> None:
    given = list(states) if isinstance(states, (list, tuple)) else [states]
    for native, indices in _places(layer):
        if len(given) != len(indices):
            raise BadArgumentError(f"the layer keeps {len(indices)} states, received {len(given)}", layer.name)
        for index, state in zip(indices, given, strict=True):
            native.set_state(index, state)


def belong(model: Any, layers: list[Any]) -> None:
    """Tells free layers of a model that is made of them."""
    for layer in layers:
        if has(layer):
            layer.__dict__.setdefault("_models", weakref.WeakSet()).add(model)


def hand_on(old: _cornu.Model | None, new: _cornu.Model) -> None:
    """A model with other weights goes on from the states of the one before."""
    states = [] if old is None else old.states()
    if states and len(states) == len(new.states()):
        for index, state in enumerate(states):
            new.set_state(index, state)


def _places(layer: Any) -> Iterator[tuple[_cornu.Model, list[int]]]:
    """Native models that keep states of a layer, and the indices of these states."""
    if layer._root is not None:
        yield layer._root._computing, _indices(layer._root, layer._index)
        return
    for model in layer.__dict__.get("_models", ()):
        for index, info in enumerate(model._infos):
            if info.depth == 0 and info.name == layer.name:
                yield model._computing, _indices(model, index)


def _indices(model: Any, first: int) -> list[int]:
    """Indices of the states of a layer of the tree and of those below it; all for the model's own, -1."""
    layers = model._native_model.state_layers
    if first < 0:
        return list(range(len(layers)))
    end = first + 1
    while end < len(model._infos) and model._infos[end].depth > model._infos[first].depth:
        end += 1
    return [index for index, owner in enumerate(layers) if first <= owner < end]
