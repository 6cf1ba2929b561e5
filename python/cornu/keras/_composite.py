"""Custom layers that are made of other layers: which weights they hold, and where Keras 3 stores each.

Keras stores a layer that is an attribute below the attribute's name, layers of a list by class and number, attributes in
alphabetical order and each layer once. Source: keras/src/saving/saving_lib.py, 3.15.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from cornu.errors import BadShapeError
from cornu.keras._model import Model
from cornu.keras.layers import Layer, snake_case

# Attributes that Layer and Model keep for themselves.
OWN = frozenset({
    "_name", "_trainable", "_dtype", "_variables", "_values", "built", "_serial", "_own_name", "_calls", "_trainables", "_cells",
    "_config", "_stack", "_end", "_native_model", "_infos", "_weight_infos", "_cache", "_made_views", "_custom", "_origin",
    "_made_of", "_synced", "_values_held", "_first_shape", "_free", "_eager", "_models", "_losses", "_metrics",
})  # fmt: skip


class Part(NamedTuple):
    """A weight of a layer, its own or one of a layer inside."""

    name: str
    shape: tuple[int, ...]
    trainable: bool
    path: str  # "attention/query_dense/vars/0"
    take: Callable[[np.ndarray], None]


def parts_of(layer: Any) -> list[Part]:
    """The weights of a built layer in the order of Layer.weights: those that train, then the others."""
    paths: dict[int, str] = {}
    _walk(layer, "", paths, set())
    found = list(_listed(layer, paths, True, set()))
    return [part for part in found if part.trainable] + [part for part in found if not part.trainable]


def holds_layers(layer: Any) -> bool:
    """Whether a layer is made of others."""
    return any(True for _ in _children(layer))


def inside(layer: Any) -> list[Any]:
    """The layers that a layer is made of, in the order in which they were made."""
    found = {id(inner): inner for _, value in _children(layer) for inner in _layers_in(value)}
    return sorted(found.values(), key=lambda inner: inner.__dict__.get("_serial", 0))


def _children(layer: Any) -> Iterator[tuple[str, Any]]:
    """Attributes that are layers or hold some."""
    for name, value in vars(layer).items():
        if name not in OWN and not name.startswith("__") and any(True for _ in _layers_in(value)):
            yield name, value


def _layers_in(value: Any) -> Iterator[Any]:
    if isinstance(value, Layer):
        yield value
    elif isinstance(value, (list, tuple, set, dict)):
        for item in list(value.values()) if isinstance(value, dict) else value:
            yield from _layers_in(item)


def _walk(layer: Any, path: str, paths: dict[int, str], seen: set[int]) -> None:
    """Notes where each layer is stored."""
    if id(layer) in seen:
        return
    seen.add(id(layer))
    paths[id(layer)] = path
    if _is_custom(layer):
        for name, value in sorted(_children(layer), key=lambda item: f"~{item[0]}" if item[0].startswith("_") else item[0]):
            if isinstance(value, Layer):
                _walk(value, f"{path}{name}/", paths, seen)
            else:
                _walk_container(value, f"{path}{name}/", paths, seen)
        return
    for inner, place in _model_layers(layer):
        _walk(inner, path + place, paths, seen)


def _walk_container(container: Any, path: str, paths: dict[int, str], seen: set[int]) -> None:
    used: Counter[str] = Counter()
    for item in list(container.values()) if isinstance(container, dict) else container:
        if isinstance(item, Layer):
            _walk(item, f"{path}{_unique(snake_case(type(item).__name__), used)}/", paths, seen)
        elif isinstance(item, (list, tuple, dict)):
            _walk_container(item, f"{path}{_unique('container', used)}/", paths, seen)


def _unique(name: str, used: Counter[str]) -> str:
    number = used[name]
    used[name] += 1
    return f"{name}_{number}" if number else name


def _is_custom(layer: Any) -> bool:
    """Whether the layer's weights are those of its attributes: its author wrote the class."""
    return not type(layer).__module__.startswith("cornu.")


def _model_layers(model: Any) -> Iterator[tuple[Any, str]]:
    """The free layers that a model of Keras's classes is made of, and where they are stored below it."""
    made_of = model.__dict__.get("_made_of")
    if made_of is None:
        return
    used: Counter[str] = Counter()
    for inner in made_of.values():
        if type(inner).__name__ == "InputLayer" and type(model).__name__ == "Sequential":
            continue
        yield inner, f"layers/{_unique(snake_case(type(inner).__name__), used)}/"


def _trains(layer: Any) -> bool:
    """What the layer says of itself; a model of its author's own has no compiled one to ask."""
    if isinstance(layer, Model) and _is_custom(layer):
        return bool(layer.__dict__.get("_trainables", {}).get(-1, True))
    return bool(layer.trainable)


def _listed(layer: Any, paths: dict[int, str], trains: bool, seen: set[int]) -> Iterator[Part]:
    if id(layer) in seen:
        return
    seen.add(id(layer))
    path = paths.get(id(layer), "")
    trains = trains and _trains(layer)
    if _is_custom(layer):
        order = sorted(range(len(layer._variables)), key=lambda index: not layer._variables[index].trainable)
        for number, index in enumerate(order):
            variable = layer._variables[index]
            yield Part(variable.name, variable.shape, trains and variable.trainable, f"{path}vars/{number}", variable.assign)
        for inner in inside(layer):
            yield from _listed(inner, paths, trains, seen)
        return
    inner_layers = list(_model_layers(layer))
    for inner, _ in inner_layers:
        yield from _listed(inner, paths, trains, seen)
    if inner_layers:
        return
    for cell in layer._cells or []:
        yield Part(cell.name, cell.shape, trains and cell.trainable, path + cell.path, cell.assign)


def fill(parts: list[Part], weights: list[np.ndarray], layer: str) -> None:
    """Gives weights their values."""
    for part, value in zip(parts, weights, strict=True):
        if part.shape != value.shape:
            raise BadShapeError(f"{part.path} has shape {part.shape}, received {value.shape}", layer)
        part.take(value)
