"""keras.callbacks: functions that predict() calls on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from cornu.keras.utils import Progbar

Logs = dict[str, Any] | None


class Callback:
    """The base of all callbacks; each method does nothing."""

    def __init__(self) -> None:
        self.params: dict[str, Any] = {}
        self._model: Any = None

    @property
    def model(self) -> Any:
        """The model that calls."""
        return self._model

    def set_params(self, params: dict[str, Any]) -> None:
        """Takes `verbose`, `epochs` and `steps` of the run that begins."""
        self.params = params

    def set_model(self, model: Any) -> None:
        """Takes the model that calls."""
        self._model = model

    def on_predict_begin(self, logs: Logs = None) -> None:
        """Called before the first batch."""

    def on_predict_end(self, logs: Logs = None) -> None:
        """Called after the last batch."""

    def on_predict_batch_begin(self, batch: int, logs: Logs = None) -> None:
        """Called before each batch."""

    def on_predict_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Called after each batch; `logs["outputs"]` holds its answers."""


    def on_test_begin(self, logs: Logs = None) -> None:
        """Called before evaluate()'s first batch."""

    def on_test_end(self, logs: Logs = None) -> None:
        """Called after the last batch; `logs` holds the figures."""

    def on_test_batch_begin(self, batch: int, logs: Logs = None) -> None:
        """Called before each batch."""

    def on_test_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Called after each batch; `logs` holds the figures so far."""


class LambdaCallback(Callback):
    """A callback of functions: LambdaCallback(on_predict_batch_end=lambda batch, logs: ...).

    Args:
        functions: by the name of the method that each one replaces.
    """

    def __init__(self, **functions: Callable[..., Any]) -> None:
        super().__init__()
        self.__dict__.update(functions)


class ProgbarLogger(Callback):
    """Prints a progress bar."""

    def __init__(self) -> None:
        super().__init__()
        self.seen = 0
        self.target: int | None = None
        self.progbar: Progbar | None = None

    def on_predict_begin(self, logs: Logs = None) -> None:
        """Starts the bar."""
        del logs
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


    on_test_begin = on_predict_begin

    def on_test_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Moves the bar and shows the figures."""
        self.seen = batch + 1
        if self.progbar is not None and self.progbar.verbose == 1:
            self.progbar.update(self.seen, list((logs or {}).items()), finalize=False)

    def on_test_end(self, logs: Logs = None) -> None:
        """Ends the line."""
        if self.progbar is not None:
            self.progbar.target = self.seen if self.target is None else self.target
            self.progbar.update(self.progbar.target, list((logs or {}).items()), finalize=True)


class CallbackList:
    """Several callbacks as one.

    Args:
        callbacks: the callbacks, one callback, or None.
        add_progbar: whether a ProgbarLogger comes last.
        model: what their `model` will be.
        params: what their `params` will be.
    """

    def __init__(
        self, callbacks: Iterable[Callback] | Callback | None = None, add_progbar: bool = False, model: Any = None, **params: Any
    ) -> None:
        given = [] if callbacks is None else [callbacks] if isinstance(callbacks, Callback) else list(callbacks)
        if add_progbar and not any(isinstance(callback, ProgbarLogger) for callback in given):
            given.append(ProgbarLogger())
        self.callbacks = given
        for callback in given:
            callback.set_model(model)
            callback.set_params(params)

    def call(self, method: str, *args: Any) -> None:
        """Calls a method of every callback that has it."""
        for callback in self.callbacks:
            function = getattr(callback, method, None)
            if function is not None:
                function(*args)
