"""compile() and evaluate(): losses and metrics of a model's outputs over batches.

Source: keras/src/trainers/{trainer,compile_utils}.py, 3.15.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from cornu._arrays import as_numpy, gives_batches
from cornu.errors import BadArgumentError
from cornu.keras import _predict, _structure, losses, metrics, regularizers
from cornu.keras.callbacks import CallbackList

# Names of regularizers' arguments are those of their weights, but for these.
_REGULARIZED = {"recurrent": "recurrent_kernel", "depthwise": "depthwise_kernel", "pointwise": "pointwise_kernel"}


class Compiled:
    """What compile() was given, and the running figures of one evaluation.

    Args:
        loss: a loss for all outputs, or losses as a list in the order of the outputs or a dict by their names.
        loss_weights: numbers, nested like `loss`.
        plain: metrics that do not see sample weights: of all outputs, or nested.
        weighted: metrics that do.
        names: of the outputs, in order.
    """

    def __init__(self, loss: Any, loss_weights: Any, plain: Any, weighted: Any, names: list[str]) -> None:
        self.names = names
        self.losses = [None if item is None else losses.get(item) for item in _spread(loss, names, "loss")]
        self.loss_weights = [1.0 if item is None else float(item) for item in _spread(loss_weights, names, "loss_weights")]
        self.total = metrics.Mean(name="loss")
        several = len(names) > 1
        self.parts = [metrics.Mean(name=f"{name}_loss") if several and item is not None else None
                      for name, item in zip(names, self.losses, strict=True)]  # fmt: skip
        both = ((plain, "metrics", False), (weighted, "weighted_metrics", True))
        self._wanted = [(_lists(given, names, what), is_weighted) for given, what, is_weighted in both]
        self._metrics: list[tuple[int, Any, bool]] | None = None  # output, metric, whether it sees weights

    def update(self, y: list[Any], answers: list[np.ndarray], weights: list[Any], penalty: float) -> None:
        """Takes a batch: targets, predictions and sample weights of each output, and what regularizers add."""
        values = [
            0.0 if loss is None else float(np.sum(self._loss(loss, y[i], answers[i], weights[i])))
            for i, loss in enumerate(self.losses)
        ]
        total = penalty + sum(weight * value for weight, value in zip(self.loss_weights, values, strict=True))
        self._add(total, values, len(answers[0]) if answers[0].ndim else 1)
        self._add_metrics(y, answers, weights)

    def take(self, loss: float, losses: list[float], batch: Any, answers: list[np.ndarray]) -> None:
        """Takes a batch of which the native module computed the loss, and predictions if they are wanted."""
        self._add(loss, losses, batch.rows)
        if self.wants_predictions:
            self._add_metrics(batch.y, answers, batch.weight)

    @property
    def wants_predictions(self) -> bool:
        """Whether there are metrics."""
        return any(items for lists, _ in self._wanted for items in lists)

    def _add(self, total: float, values: list[float], rows: int) -> None:
        for part, value in zip(self.parts, values, strict=True):
            if part is not None:
                part.add(value, 1)  # Keras knows no number of rows here: all batches count alike
        self.total.add(total, rows)

    def _add_metrics(self, y: list[Any], answers: list[np.ndarray], weights: list[Any]) -> None:
        if self._metrics is None:
            self._metrics = [
                (i, _metric(item, y[i], answers[i]), seen)
                for lists, seen in self._wanted
                for i, items in enumerate(lists)
                for item in items
            ]
        for i, metric, seen in self._metrics:
            metric.update_state(y[i], answers[i], sample_weight=weights[i] if seen else None)

    def results(self) -> dict[str, Any]:
        """The figures by name, in Keras's order: the loss, losses of single outputs, metrics."""
        found: dict[str, Any] = {"loss": float(self.total.result())}
        found.update({part.name: float(part.result()) for part in self.parts if part is not None})
        for i, metric, seen in self._metrics or []:
            value = np.asarray(metric.result())
            name = metric.name if len(self.names) == 1 else f"{self.names[i]}_{metric.name}"
            name = _unused(f"weighted_{name}" if seen and name in found else name, found)
            found[name] = float(value) if value.ndim == 0 else value
        return found

    def reset(self) -> None:
        """Begins again."""
        for metric in [self.total, *self.parts, *(item for _, item, _ in self._metrics or [])]:
            if metric is not None:
                metric.reset_state()

    @staticmethod
    def _loss(loss: Any, y: Any, answer: np.ndarray, weight: Any) -> Any:
        if isinstance(loss, losses.Loss):
            return loss(y, answer, weight)
        return losses.reduced(loss(y, answer), weight, "sum_over_batch_size")


def evaluate(
    model: Any,
    compiled: Compiled,
    x: Any,
    y: Any,
    batch_size: int | None,
    verbose: str | int,
    sample_weight: Any,
    steps: int | None,
    callbacks: Any,
) -> dict[str, Any]:
    """The figures of a data set; see Model.evaluate."""
    if verbose not in _predict.VERBOSITIES:
        raise BadArgumentError(f"expected 0, 1, 2 or 'auto', received {verbose!r}", "verbose")
    if gives_batches(x):
        if y is not None or sample_weight is not None or batch_size is not None:
            raise BadArgumentError("the data comes in batches with targets; leave out y, sample_weight and batch_size", "x")
        batches, count = _given(x), _predict.count_of(x)
    else:
        batches, count = _cut(model, compiled, x, y, sample_weight, batch_size or 32)
    count = steps if steps is not None else count
    calls = callbacks
    if not isinstance(callbacks, CallbackList):
        calls = CallbackList(callbacks, add_progbar=verbose != 0, model=model, verbose=verbose, epochs=1, steps=count)
    compiled.reset()
    penalty = penalty_of(model)
    calls.call("on_test_begin")
    done = 0
    for step, (inputs, targets, weights) in enumerate(batches):
        calls.call("on_test_batch_begin", step)
        update(model, compiled, inputs, targets, weights, penalty)
        done = step + 1
        calls.call("on_test_batch_end", step, compiled.results())
        if steps is not None and done >= steps:
            break
    if done == 0:
        raise BadArgumentError("the data gave no batch", "x")
    results = compiled.results()
    calls.call("on_test_end", results)
    return results


def update(model: Any, compiled: Compiled, x: Any, y: Any, sample_weight: Any, penalty: float) -> None:
    """Takes one batch."""
    answers = model._answer(x)
    names = compiled.names
    targets = _spread(y, names, "y", is_data=True)
    weights = [None] * len(names) if sample_weight is None else _weights(sample_weight, names)
    wanted = [np.asarray(as_numpy(target, "y")) if target is not None else None for target in targets]
    for target, answer, name in zip(wanted, answers, names, strict=True):
        if target is not None and target.ndim and answer.ndim and len(target) != len(answer):
            raise BadArgumentError(f"{len(target)} targets belong to {len(answer)} predictions of '{name}'", "y")
    compiled.update(wanted, answers, weights, penalty)


def penalty_of(model: Any) -> float:
    """What the regularizers of all layers add to the loss."""
    total = 0.0
    for view in model._views:
        config = view._json.get("config", {})
        for key, value in config.items() if isinstance(config, dict) else []:
            if not key.endswith("_regularizer") or value is None or key == "activity_regularizer":
                continue
            own = key.removesuffix("_regularizer")
            wanted = _REGULARIZED.get(own, own)
            for index in view._own_weights():
                if model._root._weight_infos[index][0].rsplit("/", 1)[-1] == wanted:
                    total += float(regularizers.get(value)(model._root._value(index)))
    return total


def _given(x: Any) -> Iterator[tuple[Any, Any, Any]]:
    for item in _predict.items_of(x):
        if not isinstance(item, (tuple, list)) or not 2 <= len(item) <= _predict.MAX_PARTS:
            raise BadArgumentError("to evaluate, a batch must be (x, y) or (x, y, sample_weight)", "x")
        yield item[0], item[1], item[2] if len(item) == _predict.MAX_PARTS else None


def _cut(model: Any, compiled: Compiled, x: Any, y: Any, weight: Any, size: int) -> tuple[Iterator[Any], int]:
    inputs = [as_numpy(item, "x") for item in _structure.match(x, model._structure("input_layers"), model.input_names)]
    names = compiled.names
    if y is None:
        raise BadArgumentError("targets are needed to evaluate arrays", "y")
    targets = [None if item is None else as_numpy(item, "y") for item in _spread(y, names, "y", is_data=True)]
    weights = [None] * len(names) if weight is None else _weights(weight, names)
    rows = max((len(array) for array in inputs if array.ndim), default=1)
    for what, arrays in (("y", targets), ("sample_weight", weights)):
        for array in arrays:
            if array is not None and len(array) != rows:
                raise BadArgumentError(f"{len(array)} rows belong to {rows} rows of x", what)
    if rows == 0:
        raise BadArgumentError("there are no rows to evaluate", "x")

    def batches() -> Iterator[tuple[Any, Any, Any]]:
        for start in range(0, rows, size):
            part = slice(start, start + size)
            cut = [[None if array is None else array[part] for array in arrays] for arrays in (inputs, targets, weights)]
            one = len(names) == 1
            yield cut[0] if len(inputs) > 1 else cut[0][0], cut[1][0] if one else cut[1], cut[2][0] if one else cut[2]

    return batches(), -(-rows // size)


def _spread(given: Any, names: list[str], what: str, is_data: bool = False) -> list[Any]:
    """One item per output: from a single one, a list in order or a dict by name. Data is never given to several outputs."""
    if isinstance(given, Mapping) and "class_name" not in given:
        unknown = [key for key in given if key not in names]
        if unknown:
            raise BadArgumentError(f"there is no output {unknown[0]!r}; the outputs are {names}", what)
        return [given.get(name) for name in names]
    if isinstance(given, (list, tuple)) and (len(names) > 1 or (len(given) == 1 and not is_data)):
        if len(given) != len(names):
            raise BadArgumentError(f"received {len(given)} items for the outputs {names}", what)
        return list(given)
    if is_data and len(names) > 1:
        raise BadArgumentError(f"needs one item for each of the outputs {names}", what)
    return [given] * len(names)


def _weights(given: Any, names: list[str]) -> list[Any]:
    if isinstance(given, (Mapping, list, tuple)) and len(names) > 1:
        return [None if item is None else np.asarray(item) for item in _spread(given, names, "sample_weight", is_data=True)]
    return [np.asarray(given)] * len(names)


def _lists(given: Any, names: list[str], what: str) -> list[list[Any]]:
    """The metrics of each output."""
    if given is None:
        return [[] for _ in names]
    if isinstance(given, Mapping) and "class_name" not in given:
        return [_list_of(item) for item in _spread(given, names, what)]
    items = _list_of(given)
    if len(names) > 1 and any(isinstance(item, (list, tuple)) for item in items):
        return [_list_of(item) for item in _spread(items, names, what)]
    if len(names) > 1 and len(items) == len(names):
        return [[item] for item in items]
    return [list(items) for _ in names]


def _list_of(item: Any) -> list[Any]:
    return [] if item is None else list(item) if isinstance(item, (list, tuple)) else [item]


def _metric(item: Any, y: Any, answer: np.ndarray) -> Any:
    """A metric of its own for one output; "accuracy" and "crossentropy" are chosen by the shapes, as in Keras."""
    if isinstance(item, str) and item in ("accuracy", "acc", "crossentropy", "ce"):
        is_accuracy = item in ("accuracy", "acc")
        shape = np.shape(y)
        binary = answer.shape[-1:] == (1,)
        sparse = not binary and (len(shape) < answer.ndim or shape[-1] < answer.shape[-1])
        kind = "binary" if binary else "sparse_categorical" if sparse else "categorical"
        module, ending = (metrics, "accuracy") if is_accuracy else (losses, "crossentropy")
        function: Callable[..., Any] = getattr(module, f"{kind}_{ending}")
        return metrics.MeanMetricWrapper(function, name=item)
    found = metrics.get(item)
    if isinstance(item, str):
        found.name = item
    return found


def _unused(name: str, taken: Mapping[str, Any]) -> str:
    number, wanted = 1, name
    while wanted in taken:
        wanted, number = f"{name}_{number}", number + 1
    return wanted
