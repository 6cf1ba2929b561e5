"""How predict() goes through its inputs: arrays in batches, or whatever gives batches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from cornu._arrays import as_numpy
from cornu.errors import BadArgumentError
from cornu.keras.callbacks import CallbackList

VERBOSITIES = (0, 1, 2, "auto")
MAX_PARTS = 3  # of a batch: x, y, sample weights


def count_of(x: Any) -> int | None:
    """The number of batches that a data set gives; None if it does not tell."""
    count = getattr(x, "num_batches", None)
    if count is None and hasattr(x, "__len__"):
        try:
            count = len(x)
        except TypeError:  # a tf.data.Dataset of unknown size
            count = None
    return None if count is None else int(count)


def items_of(x: Any) -> Iterable[Any]:
    """The batches of a data set, by index or one after the other."""
    if hasattr(x, "__getitem__") and hasattr(x, "__len__") and not hasattr(x, "__next__"):
        return (x[i] for i in range(count_of(x) or 0))
    items: Iterable[Any] = x
    return items


def batches_of(x: Any) -> Iterator[Any]:
    """The inputs of each batch of a data set."""
    for item in items_of(x):
        yield inputs_of(item)


def inputs_of(batch: Any) -> Any:
    """x of a batch that is x, (x,), (x, y) or (x, y, sample weights)."""
    if isinstance(batch, (tuple, list)) and not (batch and isinstance(batch[0], (int, float))):
        if not 1 <= len(batch) <= MAX_PARTS:
            raise BadArgumentError(f"a batch is x, (x, y) or (x, y, sample_weight); received {len(batch)} parts", "x")
        return batch[0]
    return batch


def slices_of(arrays: list[Any], batch_size: int) -> list[list[Any]]:
    """Arrays in batches of rows; of no rows one batch."""
    plain = [as_numpy(array, "x") for array in arrays]
    rows = max((len(array) for array in plain if array.ndim), default=1)
    starts = range(0, max(rows, 1), batch_size)
    return [[array[start : start + batch_size] if array.ndim else array for array in plain] for start in starts]


def run(
    model: Any,
    batches: Iterable[Any],
    answer: Callable[[Any], list[np.ndarray]],
    steps: int | None,
    verbose: str | int,
    callbacks: Any,
) -> list[np.ndarray]:
    """Answers of all batches, joined; draws the progress bar and calls the callbacks.

    Args:
        batches: what `answer` takes, one after the other.
        steps: the number of batches; None if it is not known.
    Raises: BadArgumentError if there is no batch; what `answer` and the callbacks raise.
    """
    if verbose not in VERBOSITIES:
        raise BadArgumentError(f"expected 0, 1, 2 or 'auto', received {verbose!r}", "verbose")
    calls = callbacks
    if not isinstance(callbacks, CallbackList):
        calls = CallbackList(callbacks, add_progbar=verbose != 0, model=model, verbose=verbose, epochs=1, steps=steps)
    model.stop_predicting = False
    calls.call("on_predict_begin")
    answers: list[list[np.ndarray]] = []
    for step, batch in enumerate(batches):
        calls.call("on_predict_batch_begin", step)
        answers.append(answer(batch))
        calls.call("on_predict_batch_end", step, {"outputs": model._packed(answers[-1])})
        if model.stop_predicting or (steps is not None and step + 1 >= steps):
            break
    calls.call("on_predict_end")
    if not answers:
        raise BadArgumentError("the data gave no batch", "x")
    if len(answers) == 1:
        return answers[0]
    return [np.concatenate(parts) if parts[0].ndim else parts[-1] for parts in zip(*answers, strict=True)]
