"""Nested structures of tensors: lists, tuples and dicts, as the configs of models and the callers of predict() nest them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cornu._arrays import is_array
from cornu.errors import BadArgumentError

Json = Any


def is_ref(json: Json) -> bool:
    """Whether a part of `input_layers` or `output_layers` is one tensor: [layer, node, tensor]."""
    return isinstance(json, list) and len(json) >= 3 and isinstance(json[0], str) and isinstance(json[1], int)


def structure_of(refs: Json) -> Any:
    """The shape of `input_layers` or `output_layers`: names at the leaves, a list of one as its item."""
    if is_ref(refs):
        return refs[0]
    if isinstance(refs, dict):
        return {key: structure_of(item) for key, item in refs.items()}
    items = [structure_of(item) for item in refs]
    return items[0] if len(items) == 1 else items


def flatten(value: Any) -> list[Any]:
    """The leaves in Keras's order: lists and tuples as they are, dicts by sorted key."""
    if isinstance(value, Mapping):
        return [leaf for key in sorted(value) for leaf in flatten(value[key])]
    if isinstance(value, (list, tuple)):
        return [leaf for item in value for leaf in flatten(item)]
    return [value]


def pack(structure: Any, leaves: list[Any]) -> Any:
    """The leaves, in flatten()'s order, in a structure."""
    rest = iter(leaves)

    def fill(part: Any) -> Any:
        if isinstance(part, Mapping):
            made = {key: fill(part[key]) for key in sorted(part)}
            return {key: made[key] for key in part}
        if isinstance(part, (list, tuple)):
            return [fill(item) for item in part]
        return next(rest)

    return fill(structure)


def match(x: Any, structure: Any, names: list[str]) -> list[Any]:
    """The arrays of `x` in the model's order.

    Args:
        x: an array; a list, tuple or dict as `structure` nests them; a dict by name; a list in the order of `names`.
        structure: of the model's inputs, names at the leaves.
        names: of the model's inputs, in order.
    Raises: BadArgumentError if arrays are missing or too many.
    """
    if isinstance(x, Mapping):
        return _match_dict(x, structure, names)
    if isinstance(x, (list, tuple)) and (len(names) > 1 or _holds_one_array(x)):
        leaves = _arrays_of(x)
        if len(leaves) != len(names):
            raise BadArgumentError(f"received {len(leaves)} arrays, the model has the inputs {names}", "x")
        return leaves
    if len(names) == 1:
        return [x]
    raise BadArgumentError(f"received one array, the model has the inputs {names}", "x")


def _match_dict(x: Mapping[str, Any], structure: Any, names: list[str]) -> list[Any]:
    if isinstance(structure, Mapping) and set(structure) <= set(x):
        found: list[Any] = []
        for key in sorted(structure):
            found.extend(match(x[key], structure[key], _names_of(structure[key])))
        return found
    missing = [name for name in names if name not in x]
    if missing:
        raise BadArgumentError(f"the dict lacks the inputs {missing}; it has {list(x)}", "x")
    return [x[name] for name in names]


def _names_of(structure: Any) -> list[str]:
    return [str(leaf) for leaf in flatten(structure)]


def _holds_one_array(x: list[Any] | tuple[Any, ...]) -> bool:
    """True for [array]: a list of inputs, while [[1, 2], [3, 4]] is an array written as a list."""
    return len(x) == 1 and is_array(x[0])


def _arrays_of(x: Any) -> list[Any]:
    """The leaves of a structure whose leaves are arrays; a list that holds numbers is itself an array."""
    if isinstance(x, Mapping):
        return [leaf for key in sorted(x) for leaf in _arrays_of(x[key])]
    if isinstance(x, (list, tuple)) and any(is_array(item) or isinstance(item, (list, tuple, Mapping)) for item in x):
        return [leaf for item in x for leaf in _leaf_or_arrays(item)]
    return [x]


def _leaf_or_arrays(item: Any) -> list[Any]:
    nested = isinstance(item, Mapping) or (
        isinstance(item, (list, tuple)) and any(is_array(part) or isinstance(part, Mapping) for part in item)
    )
    return _arrays_of(item) if nested else [item]


def map_leaves(function: Callable[[Any], Any], value: Any) -> Any:
    """The structure with `function` of each leaf."""
    return pack(value, [function(leaf) for leaf in flatten(value)])
