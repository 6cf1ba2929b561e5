"""Callbacks that steer or record training.

Source: keras/src/callbacks, 3.15.
"""

from __future__ import annotations

import csv
import math
import os
import warnings
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from cornu.errors import BadArgumentError
from cornu.keras._callback import Callback

Logs = dict[str, Any] | None
# Parts of the names of figures of which more, or less, is better.
_UP = ("acc", "accuracy", "auc", "precision", "recall", "f1", "iou", "r2", "cosine_similarity", "true_", "sensitivity",
       "specificity", "top_k", "fbeta")  # fmt: skip
_DOWN = ("loss", "error", "mse", "mae", "mape", "msle", "crossentropy", "hinge", "divergence", "poisson", "log_cosh", "logcosh",
         "false_")  # fmt: skip


class MonitorCallback(Callback):
    """A callback that compares a figure with its best so far.

    Args:
        monitor: the figure's name.
        mode: "min", "max", or "auto": by the name.
        baseline: what counts as the best before the first epoch.
        min_delta: a difference that is less is no improvement.
    """

    def __init__(self, monitor: str = "val_loss", mode: str = "auto", baseline: Any = None, min_delta: float = 0) -> None:
        super().__init__()
        if mode not in ("auto", "min", "max"):
            warnings.warn(f"{type(self).__name__} mode '{mode}' is unknown, fallback to auto mode.", stacklevel=3)
            mode = "auto"
        self.monitor, self.mode, self.best, self.min_delta = monitor, mode, baseline, abs(min_delta)

    def _is_improvement(self, value: Any, reference: Any) -> bool:
        if reference is None:
            return True
        if self._wants_more():
            return bool(value - self.min_delta > reference)
        return bool(value + self.min_delta < reference)

    def _wants_more(self) -> bool:
        if self.mode != "auto":
            return self.mode == "max"
        name = self.monitor.removeprefix("val_").lower()
        if any(part in name for part in _DOWN):
            return False
        if any(part in name for part in _UP):
            return True
        raise BadArgumentError(f"cannot tell whether more or less of {self.monitor!r} is better; pass mode='max' or mode='min'",
                               type(self).__name__)  # fmt: skip


class EarlyStopping(MonitorCallback):
    """Stops training when a figure has not improved for some epochs.

    Args:
        patience: epochs without improvement.
        baseline: an improvement must also be better than this.
        restore_best_weights: go back to the weights of the best epoch.
        start_from_epoch: epochs before this one do not count.
    """

    def __init__(
        self, monitor: str = "val_loss", min_delta: float = 0, patience: int = 0, verbose: int = 0, mode: str = "auto",
        baseline: Any = None, restore_best_weights: bool = False, start_from_epoch: int = 0,
    ) -> None:  # fmt: skip
        super().__init__(monitor, mode, min_delta=min_delta)
        self.patience, self.verbose, self.baseline = patience, verbose, baseline
        self.restore_best_weights, self.start_from_epoch = restore_best_weights, start_from_epoch
        self.on_train_begin()

    def on_train_begin(self, logs: Logs = None) -> None:
        """Begins again."""
        del logs
        self.wait, self.stopped_epoch, self.best_epoch = 0, 0, 0
        self.best: Any = None
        self.best_weights: Any = None

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Looks at the figure."""
        current = (logs or {}).get(self.monitor)
        if current is None:
            _warn_missing("Early stopping conditioned on metric", self.monitor, logs)
        if current is None or epoch < self.start_from_epoch:
            return
        if self.restore_best_weights and self.best_weights is None:
            self.best_weights, self.best_epoch = self.model.get_weights(), epoch
        self.wait += 1
        if self._is_improvement(current, self.best):
            self.best, self.best_epoch = current, epoch
            if self.restore_best_weights:
                self.best_weights = self.model.get_weights()
            if self.baseline is None or self._is_improvement(current, self.baseline):
                self.wait = 0
        elif self.wait >= self.patience and epoch > 0:
            self.stopped_epoch = epoch
            self.model.stop_training = True

    def on_train_end(self, logs: Logs = None) -> None:
        """Tells that it stopped, and goes back to the best weights."""
        del logs
        if self.stopped_epoch > 0 and self.verbose > 0:
            print(f"Epoch {self.stopped_epoch + 1}: early stopping")
        if self.restore_best_weights and self.best_weights is not None:
            if self.verbose > 0:
                print(f"Restoring model weights from the end of the best epoch: {self.best_epoch + 1}.")
            self.model.set_weights(self.best_weights)


class ReduceLROnPlateau(MonitorCallback):
    """Lowers the learning rate when a figure has not improved for some epochs.

    Args:
        factor: what the rate is multiplied by; below 1.
        patience: epochs without improvement.
        cooldown: epochs after a change that do not count.
        min_lr: the least rate.
    """

    def __init__(
        self, monitor: str = "val_loss", factor: float = 0.1, patience: int = 10, verbose: int = 0, mode: str = "auto",
        min_delta: float = 1e-4, cooldown: int = 0, min_lr: float = 0.0,
    ) -> None:  # fmt: skip
        super().__init__(monitor, mode, min_delta=min_delta)
        if factor >= 1:
            raise BadArgumentError(f"expected a number below 1, received {factor}", "factor")
        self.factor, self.patience, self.verbose, self.cooldown, self.min_lr = factor, patience, verbose, cooldown, min_lr
        self.on_train_begin()

    def on_train_begin(self, logs: Logs = None) -> None:
        """Begins again."""
        del logs
        self.best, self.cooldown_counter, self.wait = None, 0, 0

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Looks at the figure."""
        logs = {} if logs is None else logs
        rate = float(self.model.optimizer.learning_rate)
        logs["learning_rate"] = rate
        current = logs.get(self.monitor)
        if current is None:
            return _warn_missing("Learning rate reduction is conditioned on metric", self.monitor, logs)
        if self.in_cooldown():
            self.cooldown_counter -= 1
            self.wait = 0
        if self._is_improvement(current, self.best):
            self.best, self.wait = current, 0
        elif not self.in_cooldown():
            self.wait += 1
            if self.wait >= self.patience and rate > np.float32(self.min_lr):
                lower = max(rate * self.factor, self.min_lr)
                self.model.optimizer.learning_rate = lower
                if self.verbose > 0:
                    print(f"\nEpoch {epoch + 1}: ReduceLROnPlateau reducing learning rate to {lower}.")
                self.cooldown_counter, self.wait = self.cooldown, 0
        return None

    def in_cooldown(self) -> bool:
        """Whether epochs do not count now."""
        return self.cooldown_counter > 0


class LearningRateScheduler(Callback):
    """Sets the learning rate before each epoch.

    Args:
        schedule: a function of the epoch, or of the epoch and the learning rate.
        verbose: 1 prints the rate.
    """

    def __init__(self, schedule: Callable[..., Any], verbose: int = 0) -> None:
        super().__init__()
        self.schedule, self.verbose = schedule, verbose

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        """Sets the rate."""
        del logs
        optimizer = self.model.optimizer
        try:
            rate = self.schedule(epoch, float(optimizer.learning_rate))
        except TypeError:  # a function of the epoch alone
            rate = self.schedule(epoch)
        if not isinstance(rate, (float, np.floating)):
            raise BadArgumentError(f"the schedule must give a float, it gave {rate!r}", "LearningRateScheduler")
        optimizer.learning_rate = rate
        if self.verbose > 0:
            print(f"\nEpoch {epoch + 1}: LearningRateScheduler setting learning rate to {rate}.")

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Adds the rate to the figures."""
        del epoch
        if logs is not None:
            logs["learning_rate"] = float(self.model.optimizer.learning_rate)


class TerminateOnNaN(Callback):
    """Stops training when the loss is no number.

    Args:
        raise_error: raise RuntimeError instead.
    """

    def __init__(self, raise_error: bool = False) -> None:
        super().__init__()
        self.raise_error = raise_error

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Looks at the loss."""
        loss = (logs or {}).get("loss")
        if loss is None or math.isfinite(loss):
            return
        if self.raise_error:
            raise RuntimeError(
                f"NaN or Inf loss encountered at batch {batch}. Loss value: {loss}. Terminating training immediately."
            )
        print(f"Batch {batch}: Invalid loss, terminating training")
        self.model.stop_training = True


class CSVLogger(Callback):
    """Writes the figures of each epoch as a line of a file.

    Args:
        filename: the file.
        separator: between two figures.
        append: go on with a file that exists.
    """

    def __init__(self, filename: Any, separator: str = ",", append: bool = False) -> None:
        super().__init__()
        self.filename, self.sep, self.append = os.fspath(filename), separator, append
        self.keys: list[str] = []
        self._file: Any = None

    def on_train_begin(self, logs: Logs = None) -> None:
        """Opens the file."""
        del logs
        has_head = self.append and os.path.exists(self.filename) and os.path.getsize(self.filename) > 0
        self._file = open(self.filename, "a" if self.append else "w", newline="")  # noqa: SIM115 - open until the end
        self._has_head, self.keys = has_head, []

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Writes a line."""
        logs = logs or {}
        if not self.keys:
            self.keys = sorted(logs)
            if not any(key.startswith("val_") for key in self.keys):
                self.keys += [f"val_{key}" for key in self.keys]
        writer = csv.writer(self._file, delimiter=self.sep)
        if not self._has_head:
            writer.writerow(["epoch", *self.keys])
            self._has_head = True
        writer.writerow([epoch, *(_cell(logs.get(key, "NA")) for key in self.keys)])
        self._file.flush()

    def on_train_end(self, logs: Logs = None) -> None:
        """Closes the file."""
        del logs
        self._file.close()


class ModelCheckpoint(MonitorCallback):
    """Saves the model, or its weights, after each epoch or some number of batches.

    Args:
        filepath: ends in .keras or .h5, or .weights.h5 for weights; {epoch:02d} and names of figures are filled in.
        save_best_only: only when the figure has improved.
        save_freq: "epoch", or a number of batches.
        initial_value_threshold: the figure must be better than this at first.
    """

    def __init__(
        self, filepath: Any, monitor: str = "val_loss", verbose: int = 0, save_best_only: bool = False,
        save_weights_only: bool = False, mode: str = "auto", save_freq: Any = "epoch", initial_value_threshold: Any = None,
    ) -> None:  # fmt: skip
        super().__init__(monitor, mode, initial_value_threshold)
        self.filepath, self.verbose, self.save_freq = os.fspath(filepath), verbose, save_freq
        self.save_best_only, self.save_weights_only = save_best_only, save_weights_only
        if save_freq != "epoch" and not isinstance(save_freq, int):
            raise BadArgumentError(f"expected 'epoch' or an integer, received {save_freq!r}", "save_freq")
        endings = (".weights.h5",) if save_weights_only else (".keras", ".h5")
        if not self.filepath.endswith(endings):
            raise BadArgumentError(f"the name must end in {' or '.join(endings)}, received {self.filepath!r}", "filepath")
        self._epoch, self._batches = 0, 0

    @property
    def sees_batches(self) -> bool:
        """Whether it looks at batches at all."""
        return self.save_freq != "epoch"

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        """Takes the number of the epoch."""
        del logs
        self._epoch = epoch

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Saves, if it is time."""
        if self.save_freq == "epoch":
            return
        self._batches += 1
        if self._batches >= self.save_freq:
            self._batches = 0
            self._save(self._epoch, batch, logs or {})

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Saves, if that is wanted."""
        if self.save_freq == "epoch":
            self._save(epoch, None, logs or {})

    def _save(self, epoch: int, batch: int | None, logs: dict[str, Any]) -> None:
        try:
            path = self.filepath.format(epoch=epoch + 1, **({} if batch is None else {"batch": batch + 1}), **logs)
        except KeyError as error:
            raise KeyError(f'Failed to format this callback filepath: "{self.filepath}". Reason: {error}') from None
        if self.save_best_only and not self._is_best(epoch, logs, path):
            return
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        if self.save_weights_only:
            self.model.save_weights(path, overwrite=True)
        else:
            self.model.save(path, overwrite=True)
        if self.verbose > 0:
            print(f"\nEpoch {epoch + 1}: finished saving model to {path}")

    def _is_best(self, epoch: int, logs: dict[str, Any], path: str) -> bool:
        current = logs.get(self.monitor)
        if current is None or np.ndim(current) > 0:
            warnings.warn(f"Can save best model only with {self.monitor} available.", stacklevel=4)
            return True
        before = "None" if self.best is None else f"{self.best:.5f}"
        if not self._is_improvement(current, self.best):
            if self.verbose > 0:
                print(f"\nEpoch {epoch + 1}: {self.monitor} did not improve from {before}")
            return False
        if self.verbose > 0:
            print(f"\nEpoch {epoch + 1}: {self.monitor} improved from {before} to {current:.5f}, saving model to {path}")
        self.best = current
        return True


def _warn_missing(what: str, monitor: str, logs: Logs) -> None:
    warnings.warn(f"{what} `{monitor}` which is not available. Available metrics are: {','.join(logs or {})}", stacklevel=3)


def _cell(value: Any) -> Any:
    if isinstance(value, Iterable) and not isinstance(value, str) and np.ndim(value) > 0:
        return f'"[{", ".join(map(str, value))}]"'
    return value
