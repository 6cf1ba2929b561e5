"""Models built layer by layer: layers with arguments, calls on symbolic tensors, functional configs, first weights.

A free layer (one that belongs to no loaded model) keeps its config, its calls and its weights. Shapes and the weights that a layer
needs come from the native module, which compiles a model of the one call. A model is the functional config of its calls over the
weights of its layers; models that share layers share the weights.
"""

from __future__ import annotations

import functools
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from cornu import _cornu
from cornu.errors import BadArgumentError, Error, UnsupportedError
from cornu.keras import _graph, _serialize, _signatures, constraints, initializers, regularizers
from cornu.keras._structure import flatten, map_leaves
from cornu.keras._tensor import KerasTensor, Shape
from cornu.keras._variable import Variable
from cornu.keras.layers import layer_class, serials, snake_case

Json = Any

_counts: Counter[str] = Counter()  # names given so far, by their beginnings


class Cell:
    """The value of one weight, shared by all layers and models that have it; made when it is first read.

    Attributes: shape, dtype, trainable, name ("kernel").
    """

    changes = 0  # of all cells: models look whether theirs are among them

    def __init__(
        self,
        name: str,
        shape: tuple[int, ...],
        dtype: str,
        trainable: bool,
        make: Callable[[], np.ndarray],
        path: str = "",
        scoped: str = "",
    ) -> None:
        self.scoped = scoped or name  # with the names of the layers below its layer: "forward_lstm/lstm_cell/kernel"
        self.path = path  # where Keras 3 stores it below its layer: "query_dense/vars/0"
        self.name, self.shape, self.dtype, self.trainable = name, shape, dtype, trainable
        self._make: Callable[[], np.ndarray] | None = make
        self._value: np.ndarray | None = None

    @property
    def value(self) -> np.ndarray:
        """The array; read-only, as a change in place would pass by the models."""
        if self._value is None:
            assert self._make is not None
            self.take(self._make())
        assert self._value is not None
        return self._value

    def take(self, value: Any) -> None:
        """Takes a new array of the same shape, which is copied."""
        array = np.array(value, self.dtype, order="C")
        array.flags.writeable = False
        self._value = array
        self._make = None

    def assign(self, value: Any) -> None:
        """take() as the caller of a variable sees it. Raises BadArgumentError for another shape."""
        if np.shape(value) != self.shape:
            raise BadArgumentError(f"the weight has shape {self.shape}, received {np.shape(value)}", self.name)
        self.take(value)
        Cell.changes += 1


class Call:
    """One call of a layer on symbolic tensors."""

    def __init__(self, layer: Any, number: int, args: Any, kwargs: dict[str, Any]) -> None:
        self.layer, self.number, self.args, self.kwargs = layer, number, args, kwargs
        self.tensors: list[KerasTensor] = tensors_in([args, kwargs])
        self.outputs: list[KerasTensor] = []


def clear_names() -> None:
    """Begins again with `dense`, `dense_1`, ...; what keras.utils.clear_session() does."""
    _counts.clear()


def unique_name(beginning: str) -> str:
    """dense, dense_1, ... as Keras names layers."""
    number = _counts[beginning]
    _counts[beginning] += 1
    return f"{beginning}_{number}" if number else beginning


def tensors_in(value: Any) -> list[KerasTensor]:
    """The symbolic tensors of nested arguments, in Keras's order, each once."""
    return list({id(leaf): leaf for leaf in flatten(value) if isinstance(leaf, KerasTensor)}.values())


def holds_tensor(*values: Any) -> bool:
    """Whether there is a symbolic tensor among nested arguments."""
    return bool(tensors_in(values))


# Configs.


def config_of_arguments(class_name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """The config that a layer's arguments stand for, as Keras writes it."""
    values = _serialize.bind(class_name, _signatures.LAYERS[class_name], args, kwargs)
    config = {key: _plain(key, value) for key, value in values.items() if not (key == "weights" and value is None)}
    rank = re.search(r"([123])D", class_name)
    if rank is not None:
        for key in ("kernel_size", "strides", "dilation_rate", "pool_size"):
            if isinstance(config.get(key), int):
                config[key] = [config[key]] * int(rank[1])
    if class_name == "Bidirectional":
        _both_ways(config)
    if "pool_size" in config and config.get("strides") is None:
        config["strides"] = config["pool_size"]
    if "activation" in config and config["activation"] is None:
        config["activation"] = "linear"
    if "data_format" in config and config["data_format"] is None:
        config["data_format"] = "channels_last"
    return config


def _both_ways(config: dict[str, Any]) -> None:
    """A Bidirectional's two layers, as Keras names them."""
    forward = config["layer"]
    backward = config.get("backward_layer")
    parts = [(forward, "forward", "layer")]
    if backward is None:  # one that is given keeps its name
        turned = {"go_backwards": not forward["config"].get("go_backwards", False)}
        parts.append(({**forward, "config": {**forward["config"], **turned}}, "backward", "backward_layer"))
    for item, way, key in parts:
        name = f"{way}_{item['config']['name']}"
        config[key] = {**item, "name": name, "config": {**item["config"], "name": name}}


def _plain(key: str, value: Any) -> Json:
    if value is None:
        return None
    for ending, module in (("_initializer", initializers), ("_regularizer", regularizers), ("_constraint", constraints)):
        if key.endswith(ending):
            return module.serialize(module.get(value))  # type: ignore[attr-defined]
    if hasattr(value, "_as_json"):
        return value._as_json()
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, Mapping):
        return {name: _plain("", item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain("", item) for item in value]
    if callable(value):
        return getattr(value, "__name__", str(value))
    return value


def policy(dtype: Json) -> Json:
    """A dtype as Keras 3 writes it into configs."""
    if not isinstance(dtype, str):
        return dtype
    return {"module": "keras", "class_name": "DTypePolicy", "config": {"name": dtype}, "registered_name": None}


def serialized(module: str, class_name: str, config: Json, name: str) -> dict[str, Any]:
    """A layer's JSON without its calls."""
    return {"module": module, "class_name": class_name, "config": config, "registered_name": None, "name": name}


def with_tensors(value: Any, ref: Callable[[KerasTensor], _graph.Ref]) -> Json:
    """Arguments of a call as JSON: each tensor by its reference."""
    if isinstance(value, KerasTensor):
        return _graph.tensor(ref(value), list(value.shape), value.dtype)
    if isinstance(value, Mapping):
        return {key: with_tensors(item, ref) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [with_tensors(item, ref) for item in value]
    if isinstance(value, slice):
        parts = {key: _plain("", getattr(value, key)) for key in ("start", "stop", "step")}
        return {"class_name": "__slice__", "config": parts}
    if value is Ellipsis:
        return {"class_name": "__ellipsis__", "config": {}}
    return _plain("", value)


# Calls.


def input_tensor(
    shape: Any = None,
    batch_size: int | None = None,
    dtype: Any = None,
    name: str | None = None,
    batch_shape: Any = None,
) -> KerasTensor:
    """keras.Input: a symbolic tensor that a model takes.

    Args:
        shape: without the batch; sizes of None are free.
        batch_size: fixed, if given.
        dtype: default float32.
        name: of the input; default input_layer, input_layer_1, ...
        batch_shape: the whole shape, in place of `shape` and `batch_size`.
    Raises: BadArgumentError unless exactly one of `shape` and `batch_shape` is given.
    """
    if (shape is None) == (batch_shape is None):
        raise BadArgumentError("give either shape or batch_shape", "Input")
    sizes = (shape,) if isinstance(shape, int) else shape
    whole = tuple(batch_shape) if batch_shape is not None else (batch_size, *sizes)
    layer: Any = object.__new__(layer_class("InputLayer"))
    kind = "float32" if dtype is None else "string" if isinstance(dtype, str) and dtype == "string" else str(np.dtype(dtype))
    start(layer, "InputLayer", name or unique_name("input_layer"), kind)
    layer._config = {"batch_shape": list(whole), "sparse": False, "ragged": False}
    layer.built = True
    layer._cells = []
    call = Call(layer, 0, [], {})
    layer._calls.append(call)
    call.outputs = [output_tensor(call, 0, whole, layer._dtype)]
    return call.outputs[0]


def start(layer: Any, class_name: str, name: str, dtype: str, trainable: bool = True) -> None:
    """Makes an object a free layer without arguments, calls and weights."""
    layer._class_name, layer._name, layer._dtype, layer._trainable = class_name, name, dtype, trainable
    layer._config, layer._calls, layer._cells, layer._serial = {}, [], None, next(serials)
    layer.built = False


def output_tensor(call: Call, index: int, shape: Shape, dtype: str) -> KerasTensor:
    """Output `index` of a call."""
    tensor = KerasTensor(call.layer.name, shape, dtype)
    tensor._call = call
    tensor._index = index
    return tensor


def call_layer(layer: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Calls a free layer or a model on symbolic tensors; gives one tensor, or a list."""
    kwargs = {key: resolved(value) for key, value in kwargs.items() if value is not None and key != "training"}
    args = resolved(args)
    call = Call(layer, len(layer._calls), list(args), kwargs)
    names = {id(tensor): f"input_{i}" for i, tensor in enumerate(call.tensors)}
    layers = [_graph.input_layer(names[id(tensor)], tensor.shape, tensor.dtype) for tensor in call.tensors]
    node = {"args": with_tensors(call.args, lambda t: (names[id(t)], 0, 0)),
            "kwargs": with_tensors(kwargs, lambda t: (names[id(t)], 0, 0))}  # fmt: skip
    own = layer._as_json()
    # Without the layer's name, so that what layers of equal arguments give is asked once.
    config = own["config"]
    if isinstance(config, dict):
        config = {**config, "name": "layer", **({"trainable": True} if layer._class_name else {})}
    layers.append({**own, "name": "layer", "config": config, "inbound_nodes": [node]})
    refs = {"input_layers": [[name, 0, 0] for name in names.values()], "output_layers": [["layer", 0, 0]]}
    try:
        found = trace(json.dumps({"class_name": "Functional", "config": {"name": "call", "layers": layers, **refs}}))
    except Error as error:
        raise type(error)(error.message, error.where.replace("call: layer", layer.name)) from None
    if layer._cells is None:
        layer._cells = [Cell(w.name, w.shape, w.dtype, w.trainable, first_value(w), w.path, w.scoped) for w in found.weights]
        layer.built = True
    call.outputs = [output_tensor(call, i, shape, found.dtype) for i, shape in enumerate(found.shapes)]
    layer._calls.append(call)
    return call.outputs[0] if len(call.outputs) == 1 else list(call.outputs)


class Slot(NamedTuple):
    """A weight that a layer needs; `config` is that of the layer inside it that has the weight."""

    name: str
    shape: tuple[int, ...]
    dtype: str
    trainable: bool
    config: dict[str, Any]
    path: str  # where Keras 3 stores it below the layer
    scoped: str


class Traced(NamedTuple):
    """What one call of a layer gives and needs."""

    shapes: list[Shape]
    dtype: str
    weights: list[Slot]


@functools.lru_cache(maxsize=1024)
def trace(text: str) -> Traced:
    """What the last layer of a functional model of inputs and one layer gives and needs."""
    from cornu.keras._model import Model

    native = _cornu.from_config(text, [], 1, None)
    weights = native.weights
    slots: list[Slot] = []
    if weights:
        top = Model._of(native)._children()[-1]
        for view, place in _places(top, ""):
            for number, index in enumerate(view._own_weights()):
                path, dtype, shape, trainable = weights[index]
                name, scoped = path.rsplit("/", 1)[-1], path.removeprefix("layer/")
                config, stored = view._json.get("config", {}), f"{place}vars/{number}"
                slots.append(Slot(name, tuple(shape), dtype, trainable, config, stored, scoped))
    return Traced(next(info[8] for info in native.layers if info[0] == "layer" and info[3] == 0), native.outputs[0][1], slots)


def _places(view: Any, path: str) -> Iterator[tuple[Any, str]]:
    """A layer of a loaded model and those inside, with the folders where Keras 3 stores them below the first."""
    yield view, path
    used: Counter[str] = Counter()
    for child in view._children():
        attribute, place = child._info.attribute, f"{path}{child._info.attribute}/"
        if attribute in ("layers", "cells"):
            base = snake_case(type(child).__name__)
            number = used[base]
            used[base] += 1
            place += f"{base}_{number}/" if number else f"{base}/"
        yield from _places(child, place)


def operation(class_name: str, module: str, args: list[Any]) -> Any:
    """An operator on symbolic tensors: Keras's operation of that class, called once."""
    layer: Any = object.__new__(layer_class(class_name))
    start(layer, class_name, unique_name(snake_case(class_name)), "float32")
    layer._module = module
    return call_layer(layer, tuple(args), {})


# Loaded models.


def resolved(value: Any) -> Any:
    """Nested arguments with the tensors of loaded models replaced by those of free layers over the same weights."""
    if isinstance(value, KerasTensor):
        if value._call is not None:
            return value
        if value._graph is None or value._ref is None:
            raise BadArgumentError("the tensor belongs to no model; begin with keras.Input", value.name)
        return free_tensors(value._graph)[value._ref]
    if isinstance(value, Mapping):
        return {key: resolved(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(resolved(item) for item in value)
    return value


def free_tensors(model: Any) -> dict[_graph.Ref, KerasTensor]:
    """The tensors of a loaded model as calls of free layers, by their references; made once."""
    made: dict[_graph.Ref, KerasTensor] | None = model.__dict__.get("_free")
    if made is not None:
        return made
    made = {}
    views = {view.name: view for view in model._children()}
    model._root._ensure_cells()
    graph = model._functional()
    waiting = list(_graph.layer_list(graph))
    while waiting:  # a layer may stand before one that it depends on
        ready = [item for item in waiting if all(ref in made for ref in _graph.refs_in(item.get("inbound_nodes", [])))]
        if not ready:
            raise UnsupportedError("its layers cannot be taken apart; call the model on keras.Input instead", model.name)
        for item in ready:
            waiting.remove(item)
            _free_layer(model, graph, item, views, made)
    model._free = made
    return made


def _free_layer(model: Any, graph: Json, item: Json, views: Mapping[str, Any], made: dict[_graph.Ref, KerasTensor]) -> None:
    name, class_name = _graph.name_of(item), item["class_name"]
    if class_name == "InputLayer":
        port = next(port for port in model._native.inputs if port[0] == name)
        made[name, 0, 0] = input_tensor(batch_shape=port[2], dtype=port[1], name=name)
        return
    view = views[name]
    layer: Any = view
    if not hasattr(view, "_native_model") and class_name not in ("Functional", "Model", "Sequential"):
        layer = layer_class(class_name).from_config({"name": name, **item["config"]})
        layer._module = item.get("module") or "keras.layers"
        layer._trainable = view.trainable
    layer._calls = []
    first, count = view._range
    layer._cells = model._root._all_cells()[first : first + count]
    number = _graph.first_node(graph, name)
    for node in item.get("inbound_nodes", []):
        args, kwargs = _graph.arguments_of(node, lambda ref: made[ref])
        outputs = call_layer(layer, tuple(args), kwargs)
        for i, tensor in enumerate(outputs if isinstance(outputs, list) else [outputs]):
            made[name, number, i] = tensor
        number += 1


# First weights.


def first_value(slot: Slot) -> Callable[[], np.ndarray]:
    """What makes the first value of a weight: the initializer that the config has for it, or Keras's fixed one."""
    name, shape, dtype = slot.name, slot.shape, slot.dtype

    def make() -> np.ndarray:
        own = "recurrent" if name == "recurrent_kernel" else name.removesuffix("_kernel") if name != "kernel" else name
        given = slot.config.get(f"{own}_initializer", slot.config.get(f"{name}_initializer"))
        fixed = "ones" if name in ("gamma", "moving_variance", "scale", "variance") else "zeros"
        if name.endswith("kernel"):
            fixed = "glorot_uniform"
        initializer = initializers.get(given if given is not None else fixed)
        if name == "bias" and slot.config.get("unit_forget_bias"):
            units = shape[0] // 4
            return np.concatenate([initializer((units,), dtype), np.ones(units, dtype), initializer((2 * units,), dtype)])
        return np.asarray(initializer(shape, dtype))

    return make


# Models.


def functional(inputs: Any, outputs: Any, name: str) -> tuple[dict[str, Any], list[Any]]:
    """The config of the calls between tensors, and the layers in its order.

    Layers come by falling distance from the outputs, as in Keras. Source: keras/src/ops/function.py, 3.15.
    Raises: BadArgumentError if an output depends on an input that is not given.
    """
    inputs, outputs = resolved(inputs), resolved(outputs)
    given = tensors_in(inputs)
    ends = {id(tensor._call) for tensor in given}
    seen: dict[int, Call] = {}  # calls in the order in which they are met
    finished: list[Call] = []

    def visit(root: Call) -> None:
        stack: list[tuple[Call, Iterator[KerasTensor]]] = []

        def enter(call: Call) -> None:
            seen[id(call)] = call
            stack.append((call, iter(call.tensors if id(call) not in ends else [])))

        if id(root) in seen:
            return
        enter(root)
        while stack:
            call, rest = stack[-1]
            tensor = next(rest, None)
            if tensor is None:
                finished.append(call)
                stack.pop()
            elif id(tensor._call) not in seen:
                enter(tensor._call)

    for tensor in [*tensors_in(outputs), *given]:
        visit(tensor._call)
    lacking = [call.layer.name for call in finished if call.layer._class_name == "InputLayer" and id(call) not in ends]
    if lacking:
        raise BadArgumentError(f"the outputs depend on the input {lacking[0]!r}, which is not among the inputs", "inputs")
    depths: dict[int, int] = {}
    for call in reversed(finished):
        depth = depths.setdefault(id(call), 0)
        for tensor in call.tensors if id(call) not in ends else []:
            depths[id(tensor._call)] = max(depths.get(id(tensor._call), 0), depth + 1)
    order = {key: i for i, key in enumerate(seen)}
    layers: dict[int, Any] = {}
    by_layer: dict[int, list[Call]] = {}
    for call in seen.values():
        by_layer.setdefault(id(call.layer), []).append(call)
    rank = {key: (-max(depths[id(c)] for c in calls), min(order[id(c)] for c in calls)) for key, calls in by_layer.items()}
    for key in sorted(by_layer, key=lambda key: rank[key]):
        layers[key] = by_layer[key][0].layer
    for calls in by_layer.values():
        calls.sort(key=lambda call: call.number)
    names = Counter(layer.name for layer in layers.values())
    repeated = [key for key, count in names.items() if count > 1]
    if repeated:
        raise BadArgumentError(f"two layers have the name {repeated[0]!r}; names of layers must differ", name)

    def ref(tensor: KerasTensor) -> tuple[str, int, int]:
        call = tensor._call
        calls = by_layer.get(id(call.layer), [call])
        return call.layer.name, next(i for i, item in enumerate(calls) if item is call), tensor._index

    entries = []
    for key, layer in layers.items():
        nodes = [] if layer._class_name == "InputLayer" else by_layer[key]
        inbound = [{"args": with_tensors(c.args, ref), "kwargs": with_tensors(c.kwargs, ref)} for c in nodes]
        entries.append({**layer._as_json(), "inbound_nodes": inbound})
    config = {
        "name": name,
        "trainable": True,
        "layers": entries,
        "input_layers": _structure_refs(inputs, ref),
        "output_layers": _structure_refs(outputs, ref),
    }
    kind = {"module": "keras.src.models.functional", "class_name": "Functional", "registered_name": "Functional"}
    return {**kind, "config": config}, list(layers.values())


def _structure_refs(structure: Any, ref: Callable[[KerasTensor], _graph.Ref]) -> Json:
    if isinstance(structure, KerasTensor):
        return [list(ref(structure))]
    return map_leaves(lambda tensor: list(ref(tensor)), structure)


def cells_of(layers: Sequence[Any]) -> list[Cell]:
    """The weights of layers in order."""
    return [cell for layer in layers for cell in layer._all_cells()]


def variables_of(layer: Any) -> list[Variable]:
    """The weights of a free layer."""
    return [
        Variable(cell.name, cell.shape, cell.dtype, cell.trainable and layer._trainable, f"{layer.name}/{cell.scoped}",
                 lambda cell=cell: cell.value, cell.assign)
        for cell in layer._cells or []
    ]  # fmt: skip
