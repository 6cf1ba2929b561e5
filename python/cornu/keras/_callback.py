"""The base class of callbacks."""

from __future__ import annotations

from typing import Any

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

    def on_train_begin(self, logs: Logs = None) -> None:
        """Called before fit()'s first epoch."""

    def on_train_end(self, logs: Logs = None) -> None:
        """Called after the last epoch; `logs` holds its figures."""

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        """Called before each epoch."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Called after each epoch; `logs` holds its figures, those of validation with `val_` before their names."""

    def on_train_batch_begin(self, batch: int, logs: Logs = None) -> None:
        """Called before each batch."""

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Called after each batch; `logs` holds the figures of the epoch so far."""

    def on_batch_begin(self, batch: int, logs: Logs = None) -> None:
        """An older name of on_train_batch_begin."""

    def on_batch_end(self, batch: int, logs: Logs = None) -> None:
        """An older name of on_train_batch_end."""

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
