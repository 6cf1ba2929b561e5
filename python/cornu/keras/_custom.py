"""Custom objects: Python functions and layers for names of a model's config; the native module calls the classes here.

A function takes NumPy arrays and gives one, or a list of them. A layer is a subclass of keras.layers.Layer. Sizes that a model
leaves open are found out by trying: the object is run on zeros of two different sizes, and what differs is open.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from cornu.errors import BadArgumentError, BadShapeError
from cornu.keras import _composite
from cornu.keras.layers import REGISTERED, Layer

Type = tuple[str, tuple[int | None, ...]]  # element type and sizes, None for open ones
TRIAL_SIZES = (2, 3)  # for open sizes: any two that differ, and are no 1, which broadcasts


def get_custom_objects() -> dict[str, Any]:
    """The custom objects that every load_model() knows; to be changed in place."""
    return REGISTERED


def register_keras_serializable(package: str = "Custom", name: str | None = None) -> Callable[[Any], Any]:
    """A decorator: the class or function is a custom object of every load_model(), named "package>name"."""

    def register(thing: Any) -> Any:
        REGISTERED[f"{package}>{name or thing.__name__}"] = thing
        return thing

    return register


class CustomObjectScope:
    """A context in which load_model() knows more custom objects."""

    def __init__(self, custom_objects: Mapping[str, Any]) -> None:
        self._added = dict(custom_objects)
        self._before: dict[str, Any] = {}

    def __enter__(self) -> CustomObjectScope:
        self._before = dict(REGISTERED)
        REGISTERED.update(self._added)
        return self

    def __exit__(self, *details: Any) -> None:
        REGISTERED.clear()
        REGISTERED.update(self._before)


class CustomFinder:
    """What the native module asks for objects: a callable (name, config, layer) -> CustomLayer or None."""

    def __init__(self, objects: Mapping[str, Any]) -> None:
        self.objects = dict(objects)
        # Keras states a registered function by its bare name.
        registered = [(key, thing) for key, thing in objects.items() if ">" in key and not inspect.isclass(thing)]
        self._functions = {key.rsplit(">", 1)[-1]: thing for key, thing in registered}
        self._made: list[CustomLayer] = []

    def __call__(self, name: str, config: str, layer: str) -> CustomLayer | None:
        thing = self.objects.get(name, self.objects.get(name.rsplit(">", 1)[-1], self._functions.get(name)))
        if thing is None:
            return None
        if not callable(thing):
            raise BadArgumentError(f"expected a function or a layer class for {name!r}, received {thing!r}", "custom_objects")
        made = CustomLayer(thing, json.loads(config) if config else {}, layer)
        self._made.append(made)
        return made

    def fill(self, model: Any) -> None:
        """Gives the custom layers their weights of a model that was just made."""
        made, self._made = self._made, []
        for view in [model, *model._views]:
            for index, custom in enumerate(made):
                if isinstance(custom.thing, Layer) and custom.layer == view.name:
                    _composite.fill(custom.parts, view.get_weights(), custom.layer)
                    del made[index]
                    break


class CustomLayer:
    """One custom object at one place of a model.

    Args:
        thing: a function, a layer, or a class of layers.
        config: of the layer, or the further arguments of a function.
        layer: the name of the layer that wants it.
    """

    def __init__(self, thing: Any, config: dict[str, Any] | None, layer: str) -> None:
        self.layer = layer
        self.parts: list[_composite.Part] = []  # the weights of a layer that was built
        self._calls: list[CustomCall] = []
        self._arguments: dict[str, Any] = {}
        if inspect.isclass(thing):
            make: Any = thing
            self.thing: Any = thing if _stands_for(thing) else make.from_config(dict(config or {}))
        else:
            self.thing = thing
            self._arguments = config or {}

    def stands_for(self) -> str:
        """The Keras class that the object is the same as, or ""."""
        return _stands_for(self.thing)

    def supports_masking(self) -> bool:
        """Whether the mask of the input is that of the output."""
        return bool(getattr(self.thing, "supports_masking", False))

    def weights(self, inputs: list[Type]) -> list[tuple[str, tuple[int, ...], bool, str]]:
        """Builds the layer for its inputs, once; tells its weights, and where files hold those of layers inside."""
        if not isinstance(self.thing, Layer):
            return []
        if not self.thing.built:
            self.thing.built = True
            shapes = [shape for _, shape in inputs]
            self.thing.build(shapes[0] if len(shapes) == 1 else shapes)
        if _composite.holds_layers(self.thing) and self._calls:
            self._calls[0].infer(inputs)  # layers inside are built by their first calls
        if not self.parts:
            self.parts = _composite.parts_of(self.thing)
        folders = [part.path.rsplit("vars/", 1)[0] for part in self.parts]
        return [(f + part.name, part.shape, part.trainable, part.path) for f, part in zip(folders, self.parts, strict=True)]

    def call(self, args: list[Any], kwargs: dict[str, Any]) -> CustomCall:
        """One call of the object in the model."""
        self._calls.append(CustomCall(self.thing, args, {**self._arguments, **kwargs}, self.layer))
        return self._calls[-1]


class CustomCall:
    """Runs a custom object on arrays."""

    def __init__(self, thing: Any, args: list[Any], kwargs: dict[str, Any], layer: str) -> None:
        self._function = thing.call if isinstance(thing, Layer) else thing
        self._args = args
        self._kwargs = _accepted(self._function, kwargs)
        self._layer = layer
        self._known: dict[tuple[Type, ...], list[Type]] = {}

    def infer(self, inputs: list[Type]) -> list[Type]:
        """Types of the outputs."""
        key = tuple(inputs)
        if key not in self._known:
            trials = [self._try(inputs, size) for size in TRIAL_SIZES]
            self._known[key] = [_merged(first, second, self._layer) for first, second in zip(*trials, strict=True)]
        return self._known[key]

    def run(self, inputs: list[np.ndarray], outputs: list[Type]) -> list[np.ndarray]:
        """The outputs, in the types that infer() told."""
        answers = self._outputs(inputs)
        for answer, (_, shape) in zip(answers, outputs, strict=True):
            if answer.shape != tuple(shape):
                raise BadShapeError(f"the custom function gave shape {answer.shape}, before it gave {shape}", self._layer)
        return [np.ascontiguousarray(a, dtype=d).reshape(a.shape) for a, (d, _) in zip(answers, outputs, strict=True)]

    def _try(self, inputs: list[Type], size: int) -> list[Type]:
        zeros = [np.zeros([size if n is None else n for n in shape], _numpy_dtype(dtype)) for dtype, shape in inputs]
        floats = {array.dtype for array in zeros if array.dtype.kind == "f"}
        with np.errstate(all="ignore"):
            answers = self._outputs(zeros)
        types = []
        for answer in answers:
            widened = answer.dtype == np.float64 and floats and np.dtype(np.float64) not in floats
            types.append((str(max(floats, key=lambda d: d.itemsize) if widened else answer.dtype), answer.shape))
        return types

    def _outputs(self, inputs: list[np.ndarray]) -> list[np.ndarray]:
        args = [_fill(arg, inputs) for arg in self._args]
        kwargs = {name: _fill(arg, inputs) for name, arg in self._kwargs.items()}
        answer = self._function(*args, **kwargs)
        answers = list(answer) if isinstance(answer, (list, tuple)) else [answer]
        return [np.asarray(item) for item in answers]


class _Input:
    """A place in a call's arguments where an array goes."""

    def __init__(self, index: int) -> None:
        self.index = index


def argument(kind: int, index: int, literal: str, items: Sequence[Any], keys: Sequence[str]) -> Any:
    """An argument of a call, from the fields of cornu::CustomArgument."""
    if kind == 0:
        return _Input(index)
    if kind == 1:
        return json.loads(literal)
    return list(items) if kind == 2 else dict(zip(keys, items, strict=True))


def _fill(argument_of: Any, inputs: list[np.ndarray]) -> Any:
    if isinstance(argument_of, _Input):
        return inputs[argument_of.index]
    if isinstance(argument_of, list):
        return [_fill(item, inputs) for item in argument_of]
    if isinstance(argument_of, dict):
        return {key: _fill(item, inputs) for key, item in argument_of.items()}
    return argument_of


def _is_builtin(thing: Any) -> bool:
    """Whether a class is that of one of Cornu's own layers."""
    return inspect.isclass(thing) and issubclass(thing, Layer) and thing.__module__.startswith("cornu.") and thing is not Layer


def _stands_for(thing: Any) -> str:
    """The layer of Cornu that a class is or derives from, if it computes as that one does; else ""."""
    if not inspect.isclass(thing) or not issubclass(thing, Layer):
        return ""
    own = [base for base in thing.__mro__ if not base.__module__.startswith("cornu.")]
    if any(name in base.__dict__ for base in own for name in ("call", "build")):
        return ""
    return next((base.__name__ for base in thing.__mro__ if _is_builtin(base)), "")


def _accepted(function: Callable[..., Any], kwargs: dict[str, Any]) -> dict[str, Any]:
    """The arguments without `training` and `mask`, which Keras writes into configs, where the function does not take them."""
    try:
        parameters = dict(inspect.signature(function).parameters)
    except (TypeError, ValueError):  # a function written in C
        parameters = {}
    if any(parameter.kind == parameter.VAR_KEYWORD for parameter in parameters.values()):
        return kwargs
    return {name: value for name, value in kwargs.items() if name in parameters or name not in ("training", "mask")}


def _numpy_dtype(name: str) -> Any:
    return np.float32 if name == "bfloat16" else np.dtype(name)


def _merged(first: Type, second: Type, layer: str) -> Type:
    if first[0] != second[0] or len(first[1]) != len(second[1]):
        raise BadShapeError(f"the custom function gives {first} and {second} for two sizes of one input", layer)
    return first[0], tuple(a if a == b else None for a, b in zip(first[1], second[1], strict=True))
