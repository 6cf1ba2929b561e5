"""keras.callbacks: functions that fit(), evaluate() and predict() call on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from cornu.keras._callback import Callback
from cornu.keras._training_callbacks import (
    CSVLogger,
    EarlyStopping,
    LearningRateScheduler,
    ModelCheckpoint,
    MonitorCallback,
    ReduceLROnPlateau,
    TerminateOnNaN,
)
from cornu.keras.utils import Progbar

__all__ = ["CSVLogger", "Callback", "CallbackList", "EarlyStopping", "History", "LambdaCallback", "LearningRateScheduler",
           "ModelCheckpoint", "MonitorCallback", "ProgbarLogger", "ReduceLROnPlateau", "TerminateOnNaN"]  # fmt: skip

Logs = dict[str, Any] | None


class LambdaCallback(Callback):
    """A callback of functions: LambdaCallback(on_predict_batch_end=lambda batch, logs: ...).

    Args:
        functions: by the name of the method that each one replaces.
    """

    def __init__(self, **functions: Callable[..., Any]) -> None:
        super().__init__()
        self.__dict__.update(functions)


class History(Callback):
    """Keeps the figures of all epochs.

    Attributes:
        epoch: the numbers of the epochs.
        history: a list of figures for each name.
    """

    def __init__(self) -> None:
        super().__init__()
        self.epoch: list[int] = []
        self.history: dict[str, list[Any]] = {}

    def on_train_begin(self, logs: Logs = None) -> None:
        """Begins again."""
        del logs
        self.epoch, self.history = [], {}

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Takes the figures."""
        self.epoch.append(epoch)
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(value)
        self.model.history = self


class ProgbarLogger(Callback):
    """Prints a progress bar."""

    _in_fit = False

    def __init__(self) -> None:
        super().__init__()
        self.seen = 0
        self.target: int | None = None
        self.progbar: Progbar | None = None

    def on_predict_begin(self, logs: Logs = None) -> None:
        """Starts the bar."""
        del logs
        if self._in_fit:
            return
        self._start()

    def _start(self) -> None:
        verbose = self.params.get("verbose", 1)
        self.seen = 0
        self.target = self.params.get("steps")
        self.progbar = Progbar(self.target, verbose=1 if verbose == "auto" else int(verbose))

    def on_predict_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Moves the bar."""
        del logs
        self.seen = batch + 1
        if self.progbar is not None and self.progbar.verbose == 1:
            self.progbar.update(self.seen, finalize=False)

    def on_predict_end(self, logs: Logs = None) -> None:
        """Ends the line."""
        del logs
        if self.progbar is not None:
            self.progbar.target = self.seen if self.target is None else self.target
            self.progbar.update(self.progbar.target, finalize=True)


    def on_train_begin(self, logs: Logs = None) -> None:
        """Counts epochs from now on."""
        del logs
        self._in_fit = True

    def on_train_end(self, logs: Logs = None) -> None:
        """Does so no longer."""
        del logs
        self._in_fit = False

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        """Names the epoch and starts the bar."""
        del logs
        epochs = self.params.get("epochs") or 1
        if epochs > 1:
            print(f"Epoch {epoch + 1}/{epochs}", flush=True)
        self._start()

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Moves the bar and shows the figures."""
        self._move(batch, logs)

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Ends the line."""
        del epoch
        if self.target is None:
            self.params["steps"] = self.target = self.seen
        if self.progbar is not None:
            self.progbar.target = self.target
            self.progbar.update(self.target, list((logs or {}).items()), finalize=True)

    on_test_begin = on_predict_begin

    def on_test_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Moves the bar and shows the figures."""
        if not self._in_fit:
            self._move(batch, logs)

    def _move(self, batch: int, logs: Logs) -> None:
        self.seen = batch + 1
        if self.progbar is not None and self.progbar.verbose == 1:
            self.progbar.update(self.seen, list((logs or {}).items()), finalize=False)

    def on_test_end(self, logs: Logs = None) -> None:
        """Ends the line."""
        if self.progbar is not None and not self._in_fit:
            self.progbar.target = self.seen if self.target is None else self.target
            self.progbar.update(self.progbar.target, list((logs or {}).items()), finalize=True)


_BATCH_METHODS = ("on_train_batch_begin", "on_train_batch_end", "on_batch_begin", "on_batch_end")


def _overrides(callback: Any, method: str) -> bool:
    function = getattr(callback, method, None)
    return function is not None and getattr(function, "__func__", function) is not getattr(Callback, method)


class CallbackList:
    """Several callbacks as one.

    Args:
        callbacks: the callbacks, one callback, or None.
        add_progbar: whether a ProgbarLogger comes last.
        add_history: whether a History comes before it.
        model: what their `model` will be.
        params: what their `params` will be.
    """

    def __init__(
        self,
        callbacks: Iterable[Callback] | Callback | None = None,
        add_progbar: bool = False,
        model: Any = None,
        add_history: bool = False,
        **params: Any,
    ) -> None:
        given = [] if callbacks is None else [callbacks] if isinstance(callbacks, Callback) else list(callbacks)
        # Who is told of each batch with what the weights and figures are then: all but Cornu's own two.
        own = [callback for callback in given if not isinstance(callback, (History, ProgbarLogger))]
        self.has_others = bool(own)
        self.sees_batches = any(
            _overrides(callback, name) for callback in own if getattr(callback, "sees_batches", True) for name in _BATCH_METHODS
        )
        if add_history and not any(isinstance(callback, History) for callback in given):
            given.append(History())
        if add_progbar and not any(isinstance(callback, ProgbarLogger) for callback in given):
            given.append(ProgbarLogger())
        self.callbacks = given
        for callback in given:
            callback.set_model(model)
            callback.set_params(params)

        self._bar = next((callback for callback in given if isinstance(callback, ProgbarLogger)), None)

    def wants_logs(self, batch: int) -> bool:
        """Whether somebody looks at the figures after this batch; a bar that is not drawn now only counts it."""
        if self.sees_batches or self._bar is None or self._bar.progbar is None:
            return self.sees_batches
        self._bar.seen = batch + 1
        return self._bar.progbar.verbose == 1 and self._bar.progbar.is_due()

    def call(self, method: str, *args: Any) -> None:
        """Calls a method of every callback that has it."""
        for callback in self.callbacks:
            function = getattr(callback, method, None)
            if function is not None:
                function(*args)
