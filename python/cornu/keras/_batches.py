"""What fit() takes as data: arrays cut into batches, or whatever gives batches."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from cornu._arrays import as_numpy, gives_batches
from cornu.errors import BadArgumentError
from cornu.keras import _predict, _structure
from cornu.keras._evaluate import _spread, _weights


class Batch(NamedTuple):
    """Inputs in the model's order; targets and sample weights by output, None where there is none."""

    x: list[Any]
    y: list[Any]
    weight: list[Any]

    @property
    def rows(self) -> int:
        """The number of rows."""
        return max((len(array) for array in self.x if array.ndim), default=1)


class Source:
    """Batches of a data set, as often as they are asked for.

    Attributes:
        steps: the number of batches of one pass; None if it is not known.
    """

    def __init__(self, steps: int | None, begin: Callable[[], Iterator[Batch]], data: Any = None) -> None:
        self.steps = steps
        self.begin = begin
        self.data = data


def source_of(model: Any, x: Any, y: Any, weight: Any, batch_size: int | None, shuffle: Any, class_weight: Any) -> Source:
    """The batches of fit()'s or evaluate()'s arguments. Raises BadArgumentError for what does not fit together."""
    if gives_batches(x):
        if y is not None or weight is not None or batch_size is not None:
            raise BadArgumentError("the data comes in batches with targets; leave out y, sample_weight and batch_size", "x")

        def given() -> Iterator[Batch]:
            for item in _shuffled(x, shuffle):
                parts = item if isinstance(item, (tuple, list)) else (item,)
                if not 1 <= len(parts) <= _predict.MAX_PARTS:
                    raise BadArgumentError(f"a batch is x, (x, y) or (x, y, sample_weight); received {len(parts)} parts", "x")
                whole = [*parts, None, None][:3]
                yield _weighted(arrays_of(model, *whole), class_weight)

        return Source(_predict.count_of(x), given, x)
    batch = _weighted(arrays_of(model, x, y, weight), class_weight)
    rows = batch.rows
    if rows == 0:
        raise BadArgumentError("there are no rows", "x")
    size = 32 if batch_size is None else int(batch_size)
    if size < 1:
        raise BadArgumentError(f"expected an integer of at least 1, received {batch_size!r}", "batch_size")

    def cut() -> Iterator[Batch]:
        order = _order(rows, size, shuffle)
        for start in range(0, rows, size):
            part = slice(start, start + size) if order is None else order[start : start + size]
            yield Batch(*([None if array is None else array[part] for array in arrays] for arrays in batch))

    return Source(-(-rows // size), cut)


def _order(rows: int, size: int, shuffle: Any) -> np.ndarray | None:
    if not shuffle:
        return None
    if shuffle == "batch":
        starts = np.random.permutation(-(-rows // size)) * size
        return np.concatenate([np.arange(start, min(start + size, rows)) for start in starts])
    return np.random.permutation(rows)


def _shuffled(x: Any, shuffle: Any) -> Any:
    """The items of a data set; those of a sequence in any order."""
    items = _predict.items_of(x)
    if items is x or not shuffle or hasattr(x, "num_batches"):
        return items
    return (x[int(i)] for i in np.random.permutation(_predict.count_of(x) or 0))


def arrays_of(model: Any, x: Any, y: Any, weight: Any) -> Batch:
    """Arrays as the native module takes them, checked against each other."""
    names = model.output_names
    ports = model._native.inputs
    inputs = [
        _plain(as_numpy(item, "x"), dtype)
        for item, (_, dtype, _) in zip(_structure.match(x, model._structure("input_layers"), model.input_names), ports, strict=True)
    ]
    targets = [None] * len(names) if y is None else _spread(y, names, "y", is_data=True)
    targets = [None if item is None else _plain(as_numpy(item, "y"), None) for item in targets]
    weights = [None] * len(names) if weight is None else _weights(weight, names)
    weights = [None if item is None else np.ascontiguousarray(item, np.float32) for item in weights]
    batch = Batch(inputs, targets, weights)
    for what, arrays in (("x", inputs), ("y", targets), ("sample_weight", weights)):
        for array in arrays:
            if array is not None and array.ndim and len(array) != batch.rows:
                raise BadArgumentError(f"{len(array)} rows belong to {batch.rows} rows of x", what)
    return batch


def _plain(array: np.ndarray, dtype: str | None) -> np.ndarray:
    """In the type that a step computes with: once here, not in every step."""
    if dtype is not None and dtype != "string" and dtype != "bfloat16" and array.dtype != dtype and array.dtype.kind in "fiub":
        return np.ascontiguousarray(array, dtype)
    if dtype is None and array.dtype == np.float64:
        return np.ascontiguousarray(array, np.float32)
    if dtype is None and array.dtype.kind == "b":
        return array.astype(np.float32)
    return np.ascontiguousarray(array)


def _weighted(batch: Batch, class_weight: Mapping[int, float] | None) -> Batch:
    """The batch with the weights of its targets' classes."""
    if class_weight is None:
        return batch
    if len(batch.y) != 1 or batch.y[0] is None:
        raise BadArgumentError("class weights belong to models with one output and targets", "class_weight")
    if batch.weight[0] is not None:
        raise BadArgumentError("give either class weights or sample weights", "class_weight")
    y = batch.y[0]
    plain = np.argmax(y, -1) if y.ndim > 1 and y.shape[-1] > 1 else y[..., 0] if y.ndim > 1 else y
    classes = np.round(plain).astype(np.int64)
    table = np.ones(max([*map(int, class_weight), int(classes.max(initial=0))]) + 1, np.float32)
    for key, value in class_weight.items():
        table[int(key)] = value
    weight = table[classes]
    return Batch(batch.x, batch.y, [weight])


def divided(batch_arguments: tuple[Any, Any, Any], share: float) -> tuple[tuple[Any, Any, Any], tuple[Any, Any, Any]]:
    """Arrays divided into what trains and, at the end, what validates."""
    leaves = [item for item in _structure.flatten(batch_arguments[0])]
    if not 0 < share < 1:
        raise BadArgumentError(f"expected a number between 0 and 1, received {share!r}", "validation_split")
    if gives_batches(batch_arguments[0]):
        raise BadArgumentError("needs arrays, not batches", "validation_split")
    rows = len(as_numpy(leaves[0], "x"))
    at = int(np.floor(rows * (1 - share)))
    if at in (0, rows):
        raise BadArgumentError(f"{rows} rows cannot be divided by {share}", "validation_split")

    def part(value: Any, piece: slice) -> Any:
        return None if value is None else _structure.map_leaves(lambda item: as_numpy(item, "x")[piece], value)

    first, second = slice(0, at), slice(at, rows)
    return tuple(part(item, first) for item in batch_arguments), tuple(part(item, second) for item in batch_arguments)  # type: ignore[return-value]
