"""Callbacks that steer or record training."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import training_cases
from cornu import errors, keras

X, Y = training_cases.FEATURES, training_cases.NUMBERS


def model_of(rate: float = 0.05) -> Any:
    model = training_cases.mlp()(keras)
    model.set_weights(training_cases.arrays_for(model))
    model.compile(keras.optimizers.SGD(rate), "mse")
    return model


class Figures(keras.callbacks.Callback):
    """Puts figures of the test's choice into the logs, one per epoch."""

    def __init__(self, values: list[float]) -> None:
        super().__init__()
        self.values = values

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        logs["val_loss"] = self.values[epoch]


def test_early_stopping_waits_and_goes_back_to_the_best_weights(capsys: pytest.CaptureFixture[str]) -> None:
    model = model_of()
    kept: list[Any] = []
    keep = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: kept.append(model.get_weights()))
    stop = keras.callbacks.EarlyStopping(patience=2, restore_best_weights=True, verbose=1)
    history = model.fit(X, Y, epochs=9, verbose=0, callbacks=[Figures([3, 2, 2.5, 2.4, 1, 1, 1, 1, 1]), keep, stop])
    assert history.epoch == [0, 1, 2, 3]
    for got, wanted in zip(model.get_weights(), kept[1], strict=True):
        np.testing.assert_array_equal(got, wanted)
    assert "Epoch 4: early stopping" in capsys.readouterr().out


def test_early_stopping_asks_for_a_mode_that_it_cannot_guess() -> None:
    with pytest.raises(errors.BadArgumentError, match="mode='max'"):
        model_of().fit(X, Y, epochs=3, verbose=0, callbacks=[
            keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: logs.update(beauty=1.0)),
            keras.callbacks.EarlyStopping("beauty"),
        ])  # fmt: skip


def test_the_learning_rate_falls_on_a_plateau_and_follows_a_schedule() -> None:
    model = model_of(0.8)
    plateau = keras.callbacks.ReduceLROnPlateau(factor=0.5, patience=2, min_lr=0.3)
    history = model.fit(X, Y, epochs=7, verbose=0, callbacks=[Figures([1.0] * 7), plateau])
    np.testing.assert_allclose(history.history["learning_rate"], [0.8, 0.8, 0.8, 0.4, 0.4, 0.3, 0.3], rtol=1e-6)
    scheduler = keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate * 0.5)
    history = model.fit(X, Y, epochs=2, verbose=0, callbacks=scheduler)
    np.testing.assert_allclose(history.history["learning_rate"], [0.15, 0.075], rtol=1e-6)
    with pytest.raises(errors.BadArgumentError, match="below 1"):
        keras.callbacks.ReduceLROnPlateau(factor=1.5)


def test_a_loss_that_is_no_number_ends_training(capsys: pytest.CaptureFixture[str]) -> None:
    model = model_of()
    history = model.fit(X * np.nan, Y, batch_size=4, epochs=3, verbose=0, callbacks=[keras.callbacks.TerminateOnNaN()])
    assert history.epoch == [0]
    assert "Batch 0: Invalid loss, terminating training" in capsys.readouterr().out
    with pytest.raises(RuntimeError, match="NaN or Inf loss"):
        model.fit(X, Y, verbose=0, callbacks=[keras.callbacks.TerminateOnNaN(raise_error=True)])


def test_figures_go_into_a_table(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    for append in (False, True):
        logger = keras.callbacks.CSVLogger(path, separator=";", append=append)
        history = model_of().fit(X, Y, epochs=2, verbose=0, callbacks=[logger])
    lines = path.read_text().splitlines()
    assert lines[0] == "epoch;loss;val_loss"
    assert len(lines) == 5
    assert lines[-1].split(";") == ["1", str(history.history["loss"][1]), "NA"]


def test_checkpoints_are_models_of_the_epoch_and_only_the_best_if_asked(tmp_path: Path) -> None:
    model = model_of()
    every = keras.callbacks.ModelCheckpoint(tmp_path / "at-{epoch:02d}-{loss:.1f}.keras")
    best = keras.callbacks.ModelCheckpoint(tmp_path / "best.weights.h5", save_best_only=True, save_weights_only=True)
    model.fit(X, Y, epochs=3, verbose=0, callbacks=[Figures([2, 1, 3]), every, best])
    files = sorted(path.name for path in tmp_path.glob("at-*"))
    assert [name[:5] for name in files] == ["at-01", "at-02", "at-03"]
    second = keras.models.load_model(tmp_path / files[1])
    other = model_of()
    other.load_weights(tmp_path / "best.weights.h5")
    for got, wanted in zip(other.get_weights(), second.get_weights(), strict=True):
        np.testing.assert_array_equal(got, wanted)
    with pytest.raises(errors.BadArgumentError, match=".keras"):
        keras.callbacks.ModelCheckpoint("model.pb")


def test_the_bar_names_epochs_and_shows_figures(capsys: pytest.CaptureFixture[str]) -> None:
    model_of().fit(X, Y, batch_size=7, epochs=2, validation_data=(X, Y))
    text = capsys.readouterr().out
    assert "Epoch 1/2" in text
    assert "Epoch 2/2" in text
    assert "2/2" in text
    assert " - loss: " in text
    assert " - val_loss: " in text
