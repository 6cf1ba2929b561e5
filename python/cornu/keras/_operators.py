"""How a function of keras.ops takes symbolic tensors, and arrays where NumPy has no such function."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from cornu.errors import BadArgumentError
from cornu.keras import _building, _numpy_ops
from cornu.keras._op_signatures import OPERATIONS
from cornu.keras._tensor import KerasTensor
from cornu.keras.layers import layer_class, snake_case

# Functions that make no operation of symbolic tensors but one by another name, with their parameters.
OTHERS: dict[str, tuple[str, str, dict[str, Any], dict[str, str], list[str], dict[str, str]]] = {
    "abs": OPERATIONS["absolute"],
    "conj": OPERATIONS["conjugate"],
    "cast": ("Cast", "keras.src.ops.core", {"x": ..., "dtype": ...}, {"dtype": "dtype"}, ["x"], {}),
    "saturate_cast": ("SaturateCast", "keras.src.ops.core", {"x": ..., "dtype": ...}, {"dtype": "dtype"}, ["x"], {}),
    "pad": ("Pad", "keras.src.ops.numpy", {"x": ..., "pad_width": ..., "mode": "constant", "constant_values": None},
            {"pad_width": "pad_width", "mode": "mode"}, ["x"], {"constant_values": "constant_values"}),
    "diff": ("Diff", "keras.src.ops.numpy", {"a": ..., "n": 1, "axis": -1}, {"n": "n", "axis": "axis"}, ["a"], {}),
}  # fmt: skip


@functools.cache
def function(name: str) -> Callable[..., Any]:
    """A function by its name, "exp" or "image.resize". Raises AttributeError if there is none."""
    short = name.rsplit(".", 1)[-1] if name.startswith(("numpy.", "nn.")) else name
    row = OPERATIONS.get(name) or OPERATIONS.get(name.rsplit(".", 1)[-1]) or OTHERS.get(short)
    plain = getattr(_numpy_ops, short.rsplit(".", 1)[-1], None) if "." not in short or short.startswith("linalg.") else None
    if short.startswith("linalg."):
        plain = getattr(np.linalg, short.rsplit(".", 1)[-1], plain)
    if row is None and plain is None:
        raise AttributeError(f"keras.ops has no function {name!r}")
    if row is None:
        return plain if short != "shape" else _shape

    parameters = list(row[2])

    def call(*args: Any, **kwargs: Any) -> Any:
        if plain is not None and not _building.holds_tensor(args, kwargs):
            first = next((name for name in parameters[len(args) :] if name not in kwargs), None)
            lead = parameters[len(args) : parameters.index(first) if first else None]
            return plain(*args, *[kwargs.pop(name) for name in lead if name in row[4]], **kwargs)
        return _operation(short, row, args, kwargs)

    call.__name__ = call.__qualname__ = short.rsplit(".", 1)[-1]
    call.__doc__ = f"Keras's {name}: see keras.ops."
    return call


def _shape(x: Any) -> tuple[int | None, ...]:
    return x.shape if isinstance(x, KerasTensor) else np.shape(x)


def _bound(name: str, parameters: dict[str, Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """The arguments by the names of the parameters. Raises BadArgumentError."""
    names = list(parameters)
    values: dict[str, Any] = {}
    for i, value in enumerate(args):
        if i < len(names) and names[i].startswith("*"):
            values[names[i]] = list(args[i:])
            break
        if i >= len(names):
            raise BadArgumentError(f"keras.ops.{name} takes {len(names)} arguments, received {len(args)}", name)
        values[names[i]] = value
    for key, value in kwargs.items():
        if key not in parameters or key in values:
            wrong = "is given twice" if key in values else "is none of its arguments"
            raise BadArgumentError(f"keras.ops.{name}: {key!r} {wrong}; it takes {', '.join(names)}", name)
        values[key] = value
    for key, default in parameters.items():
        if key not in values:
            if default is ... and not key.startswith("*"):
                raise BadArgumentError(f"keras.ops.{name} needs the argument {key!r}", name)
            values[key] = [] if key.startswith("*") else default
    return values


def _operation(name: str, row: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Calls the operation once: on symbolic tensors, or on arrays by a model of its own."""
    class_name, module, parameters, config, positional, named = row
    values = _bound(name, parameters, args, kwargs)
    layer: Any = object.__new__(layer_class(class_name))
    _building.start(layer, class_name, _building.unique_name(snake_case(class_name)), "float32")
    layer._module = module
    layer._config = {key: _building._plain("", values[source]) for key, source in config.items()}
    given: list[Any] = []
    for source in positional:
        given += values[source] if source.startswith("*") else [values[source]]
    while given and given[-1] is None:
        given.pop()
    keywords = {key: values[source] for key, source in named.items() if values[source] is not None}
    if _building.holds_tensor(given, keywords):
        return _building.call_layer(layer, tuple(given), keywords)
    return layer._eagerly(tuple(given), keywords)
