"""Configs of models: parts of them as models of their own.

A config is Keras's JSON as Python objects. A part is a functional config and the indices, among the layers of the whole, of
the layers that it keeps.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cornu.errors import BadArgumentError
from cornu.keras._structure import is_ref
from cornu.keras._tensor import KerasTensor

Json = Any
Ref = tuple[str, int, int]


def unwrapped(config: Json) -> dict[str, Any]:
    """The serialized model of a stored config, which may lie in a member `model_config`."""
    inner = config.get("model_config", config)
    return dict(inner)


def layer_list(serialized: Json) -> list[dict[str, Any]]:
    """The serialized layers of a serialized model; [] for other layers."""
    config = serialized.get("config", {})
    layers = config if isinstance(config, list) else config.get("layers", [])
    return layers if isinstance(layers, list) else []


def name_of(serialized: Json) -> str:
    """The name of a serialized layer."""
    config = serialized.get("config")
    inner = config.get("name") if isinstance(config, dict) else None
    return str(serialized.get("name") or inner or serialized.get("class_name", ""))


def ref_of(json: Json) -> Ref | None:
    """The tensor that a part of `inbound_nodes` stands for, in the spelling of any Keras; None if it is something else."""
    if isinstance(json, dict) and json.get("class_name") == "__keras_tensor__":
        json = json["config"]["keras_history"]
    if is_ref(json) and isinstance(json[2], int):
        return json[0], json[1], json[2]
    return None


def refs_in(json: Json) -> list[Ref]:
    """All tensors in a part of a config, in order."""
    ref = ref_of(json)
    if ref is not None:
        return [ref, *(refs_in(json[3]) if isinstance(json, list) and len(json) > 3 else [])]
    items = json.values() if isinstance(json, dict) else json if isinstance(json, list) else []
    return [ref for item in items for ref in refs_in(item)]


def arguments_of(node: Json, tensor_of: Callable[[Ref], Any]) -> tuple[list[Any], dict[str, Any]]:
    """The arguments of a call, from `inbound_nodes` of any Keras, with tensors for its references."""

    def decoded(json: Json) -> Any:
        ref = ref_of(json)
        if ref is not None:
            return tensor_of(ref)
        if isinstance(json, dict):
            if json.get("class_name") == "__slice__":
                return slice(*(json["config"][key] for key in ("start", "stop", "step")))
            if json.get("class_name") == "__ellipsis__":
                return Ellipsis
            return {key: decoded(item) for key, item in json.items()}
        return [decoded(item) for item in json] if isinstance(json, list) else json

    if isinstance(node, dict):  # Keras 3
        return decoded(node.get("args", [])), decoded(node.get("kwargs", {}))
    parts = [node] if is_ref(node) else node
    tensors = [tensor_of(refs_in(part)[0]) for part in parts]
    kwargs = {key: decoded(item) for part in parts if len(part) > 3 for key, item in part[3].items()}
    return [tensors[0] if len(tensors) == 1 else tensors], kwargs


def first_node(graph: Json, layer: str) -> int:
    """The number that references in a functional config give the first call of a layer: 1 for nested models of Keras 2."""
    layers = layer_list(graph)
    nodes = [item.get("inbound_nodes", []) for item in layers]
    if any(isinstance(calls[0], dict) for calls in nodes if calls):
        return 0  # Keras 3
    numbers = [ref[1] for ref in refs_in([nodes, graph["config"].get("output_layers", [])]) if ref[0] == layer]
    return min(numbers, default=0)


def tensor(ref: Ref, shape: Json = None, dtype: str = "float32") -> dict[str, Any]:
    """A tensor as Keras 3 writes it into `inbound_nodes`."""
    return {"class_name": "__keras_tensor__", "config": {"shape": shape, "dtype": dtype, "keras_history": list(ref)}}


def input_layer(name: str, shape: Any, dtype: str) -> dict[str, Any]:
    """A serialized input layer."""
    config = {"batch_shape": list(shape), "dtype": dtype, "name": name}
    return {"class_name": "InputLayer", "config": config, "name": name, "inbound_nodes": []}


def call_of_layer(serialized: Json, inputs: list[KerasTensor], output_count: int) -> dict[str, Any]:
    """The functional model of one call of one layer."""
    name = name_of(serialized)
    layers = [input_layer(item.name, item.shape, item.dtype) for item in inputs]
    args = [tensor((item.name, 0, 0), list(item.shape), item.dtype) for item in inputs]
    node: Json = {"args": args if len(args) == 1 else [args], "kwargs": {}}
    layers.append({**serialized, "name": name, "inbound_nodes": [node]})
    config = {
        "name": name,
        "layers": layers,
        "input_layers": [[item.name, 0, 0] for item in inputs],
        "output_layers": [[name, 0, i] for i in range(output_count)],
    }
    return {"class_name": "Functional", "config": config}


def as_functional(serialized: Json, inputs: list[KerasTensor]) -> dict[str, Any]:
    """A Sequential as a functional model; a functional model as it is."""
    if serialized["class_name"] != "Sequential":
        return dict(serialized)
    layers: list[dict[str, Any]] = [input_layer(item.name, item.shape, item.dtype) for item in inputs]
    previous = layers[-1]["name"]
    for item in layer_list(serialized):
        if item["class_name"] == "InputLayer":
            continue
        layers.append({**item, "name": name_of(item), "inbound_nodes": [{"args": [tensor((previous, 0, 0))], "kwargs": {}}]})
        previous = name_of(item)
    refs = {"input_layers": [[inputs[0].name, 0, 0]], "output_layers": [[previous, 0, 0]]}
    config = serialized["config"] if isinstance(serialized["config"], dict) else {}
    return {"class_name": "Functional", "config": {"name": config.get("name", name_of(serialized)), "layers": layers, **refs}}


def cut(graph: Json, inputs: list[KerasTensor], outputs: Any, output_refs: Json, name: str | None) -> dict[str, Any]:
    """The part of a functional model between tensors.

    Args:
        graph: a serialized functional model.
        inputs: tensors of it that the part takes.
        outputs: the tensors that it gives.
        output_refs: the same as `output_layers` nests them.
        name: of the part; default: that of the whole.
    Raises: BadArgumentError (where: outputs) if an output depends on an input of the whole that the part lacks.
    """
    layers = {name_of(item): item for item in layer_list(graph)}
    feeds: dict[Ref, str] = {}
    made: list[dict[str, Any]] = []
    for item in inputs:
        ref = item._ref
        assert ref is not None
        if layers[ref[0]]["class_name"] == "InputLayer":
            feeds[ref] = ref[0]
            made.append(layers[ref[0]])
        else:
            feeds[ref] = f"{ref[0]}_output"
            made.append(input_layer(feeds[ref], item.shape, item.dtype))
    kept: set[str] = set()
    waiting = [item._ref[0] for item in outputs if item._ref not in feeds]
    while waiting:
        layer = waiting.pop()
        if layer in kept or layer in feeds.values():
            continue
        if layers[layer]["class_name"] == "InputLayer":
            raise BadArgumentError(f"the outputs depend on the input '{layer}', which is not among the inputs", "inputs")
        kept.add(layer)
        waiting += [ref[0] for ref in refs_in(layers[layer].get("inbound_nodes", [])) if ref not in feeds]
    kept_layers = [
        {**item, "inbound_nodes": _fed(item.get("inbound_nodes", []), feeds)} for key, item in layers.items() if key in kept
    ]
    config = {
        "name": name or graph["config"].get("name"),
        "layers": [*made, *kept_layers],
        "input_layers": [[feed, 0, 0] for feed in feeds.values()],
        "output_layers": _fed(output_refs, feeds),
    }
    versions = {key: graph[key] for key in ("keras_version", "backend") if key in graph}
    return {"class_name": "Functional", "config": config, **versions}


def _fed(json: Json, feeds: dict[Ref, str]) -> Json:
    """A part of a config with references to fed tensors turned to the input layers that feed them."""
    ref = ref_of(json)
    if ref is not None:
        target = (feeds[ref], 0, 0) if ref in feeds else ref
        if isinstance(json, dict):
            return {**json, "config": {**json["config"], "keras_history": list(target)}}
        return [*target, *(_fed(item, feeds) for item in json[3:])]
    if isinstance(json, dict):
        return {key: _fed(item, feeds) for key, item in json.items()}
    return [_fed(item, feeds) for item in json] if isinstance(json, list) else json
