"""fit(): epochs over batches, validation, callbacks.

Source: keras/src/backend/tensorflow/trainer.py and keras/src/trainers, 3.15.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from cornu.errors import BadArgumentError
from cornu.keras import _predict
from cornu.keras._batches import Batch, Source
from cornu.keras._training import Training
from cornu.keras.callbacks import CallbackList


class Fitting:
    """One run of fit()."""

    def __init__(self, model: Any, training: Training, compiled: Any, seed: int) -> None:
        self.model, self.training, self.compiled, self.seed = model, training, compiled, seed

    def step(self, batch: Batch) -> None:
        """One step of training; its figures go into the running ones."""
        training = self.training
        training.take_changes()
        optimizer = training.optimizer
        wants = self.compiled.wants_predictions
        rate = optimizer._current_rate()
        loss, losses, answers = training.native.train(batch.x, batch.y, batch.weight, rate, self.seed, wants)
        self.compiled.take(loss, losses, batch, answers)

    def test(self, batch: Batch) -> None:
        """The figures of a batch in evaluation."""
        self.training.take_changes()
        loss, losses, answers = self.training.native.test(batch.x, batch.y, batch.weight, self.compiled.wants_predictions)
        self.compiled.take(loss, losses, batch, answers)


def fit(
    model: Any,
    training: Training,
    compiled: Any,
    source: Source,
    epochs: int,
    verbose: str | int,
    callbacks: Any,
    validation: Source | None,
    initial_epoch: int,
    steps_per_epoch: int | None,
    validation_steps: int | None,
    validation_freq: int,
) -> Any:
    """See Model.fit."""
    if verbose not in _predict.VERBOSITIES:
        raise BadArgumentError(f"expected 0, 1, 2 or 'auto', received {verbose!r}", "verbose")
    steps = steps_per_epoch or source.steps
    calls = callbacks
    if not isinstance(callbacks, CallbackList):
        calls = CallbackList(callbacks, add_history=True, add_progbar=verbose != 0, model=model, verbose=verbose, epochs=epochs,
                             steps=steps)  # fmt: skip
    run = Fitting(model, training, compiled, int(np.random.randint(2**31)))
    eager = calls.sees_batches
    model.stop_training = False
    calls.call("on_train_begin")
    batches: Iterator[Batch] | None = None
    logs: dict[str, Any] = {}
    try:
        for epoch in range(initial_epoch, epochs):
            compiled.reset()
            calls.call("on_epoch_begin", epoch)
            if batches is None or steps_per_epoch is None:
                batches = source.begin()
            batches = _epoch(run, source, batches, steps_per_epoch, calls, eager)
            logs = _figures(compiled)
            training.publish()
            if validation is not None and (epoch + 1 - initial_epoch) % validation_freq == 0:
                compiled.reset()
                _validate(run, validation, validation_steps, calls)
                logs.update({f"val_{name}": value for name, value in _figures(compiled).items()})
            calls.call("on_epoch_end", epoch, logs)
            if model.stop_training:
                break
    finally:
        training.publish()
    if training.optimizer._config.get("use_ema") and epochs > initial_epoch:
        _overwrite_with_averages(training)
    calls.call("on_train_end", logs)
    return model.history


def _epoch(
    run: Fitting, source: Source, batches: Iterator[Batch], steps_per_epoch: int | None, calls: CallbackList, eager: bool
) -> Iterator[Batch]:
    """One epoch; gives the iterator that the next one goes on with."""
    done = 0
    while steps_per_epoch is None or done < steps_per_epoch:
        batch = next(batches, None)
        if batch is None:
            if steps_per_epoch is None or done == 0:
                break
            batches = source.begin()  # the data is shorter than an epoch: begin again
            batch = next(batches, None)
            if batch is None:
                break
        calls.call("on_train_batch_begin", done)
        run.step(batch)
        if eager:
            run.training.publish()
        if calls.wants_logs(done):
            calls.call("on_train_batch_end", done, _figures(run.compiled))
        done += 1
        if run.model.stop_training:
            break
    if done == 0:
        raise BadArgumentError("the data gave no batch", "x")
    if source.steps is None and steps_per_epoch is None:
        source.steps = done
    return batches


def _validate(run: Fitting, source: Source, steps: int | None, calls: CallbackList) -> None:
    calls.call("on_test_begin")
    done = 0
    for batch in source.begin():
        calls.call("on_test_batch_begin", done)
        run.test(batch)
        if calls.has_others:
            calls.call("on_test_batch_end", done, _figures(run.compiled))
        done += 1
        if done == steps:
            break
    if done == 0:
        raise BadArgumentError("the data gave no batch", "validation_data")
    calls.call("on_test_end", _figures(run.compiled))


def _figures(compiled: Any) -> dict[str, Any]:
    """The running figures, by name as Keras sorts them."""
    return dict(sorted(compiled.results().items()))


def _overwrite_with_averages(training: Training) -> None:
    for name, weight, array in training.state:
        if name == "average":
            training._arrays[weight][...] = array
    training.publish()


