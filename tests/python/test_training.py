"""fit() against that of real Keras, step by step from the same weights; and what it does around the steps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import training_cases
import training_models
from cornu import errors, keras

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "python"
WEIGHTS = {**np.load(GOLDEN / "training.npz"), **np.load(GOLDEN / "training_models.npz")}
FACTS = [json.loads((GOLDEN / f"{name}.json").read_text()) for name in ("training", "training_models")]
HISTORIES = {**FACTS[0]["histories"], **FACTS[1]["histories"]}
VARIABLES = {**FACTS[0]["variables"], **FACTS[1]["variables"]}
CASES = {case.name: case for case in [*training_cases.cases(), *training_models.cases()]}


def close(got: Any, wanted: Any, tolerance: float) -> None:
    """Equal within a share of the largest number."""
    scale = max(float(np.abs(wanted).max(initial=0)), 1e-3)
    np.testing.assert_allclose(got, wanted, rtol=0, atol=tolerance * scale)


@pytest.mark.parametrize("name", CASES)
def test_training_goes_as_in_keras(name: str) -> None:
    case = CASES[name]
    figures, weights, model = training_cases.run(keras, case)
    wanted = HISTORIES[name]
    assert list(figures) == list(wanted)
    for key, values in wanted.items():
        close(figures[key], values, max(case.tolerance, 1e-5))
    for i, weight in enumerate(weights):
        close(weight, WEIGHTS[f"{name}/{i}"], case.tolerance)
    assert [tuple(item.shape) for item in model.optimizer.variables] == [tuple(shape) for shape in VARIABLES[name]]
    # What the model predicts afterwards comes from the new weights.
    again = keras.models.model_from_json(model.to_json())
    again.set_weights(weights)
    x = case.data[0]
    for one, other in zip(answers(model, x), answers(again, x), strict=True):
        close(one, other, 1e-6)


def answers(model: Any, x: Any) -> list[np.ndarray]:
    """What a model predicts, as a list."""
    found = model.predict(x, verbose=0)
    return found if isinstance(found, list) else [found]


def test_one_seed_gives_one_run() -> None:
    def losses(seed: int) -> list[float]:
        keras.utils.set_random_seed(seed)
        model = keras.Sequential([keras.Input((5,)), keras.layers.Dense(8), keras.layers.Dropout(0.5), keras.layers.Dense(3)])
        model.compile("adam", "mse")
        return list(model.fit(training_cases.FEATURES, training_cases.NUMBERS, epochs=3, verbose=0).history["loss"])

    assert losses(1) == losses(1)
    assert losses(1) != losses(2)


def test_weights_that_the_caller_changes_between_steps_count() -> None:
    model = training_cases.mlp()(keras)
    model.compile(keras.optimizers.SGD(0.1), "mse")
    x, y = training_cases.FEATURES, training_cases.NUMBERS
    model.train_on_batch(x, y)
    zeros = [np.zeros(weight.shape) for weight in model.weights]
    model.set_weights(zeros)
    np.testing.assert_allclose(model.train_on_batch(x, y), np.square(y).mean(), rtol=1e-5)
    assert np.abs(model.layers[-1].bias.numpy()).max() > 0
    assert np.abs(model.layers[0].kernel.numpy()).max() == 0


def test_dropout_drops_only_while_training() -> None:
    model = keras.Sequential([keras.Input((1000,)), keras.layers.Dropout(0.25)])
    model.compile("sgd", "mae")
    ones = np.ones((8, 1000), "float32")
    assert model.evaluate(ones, ones, verbose=0) == 0
    np.testing.assert_array_equal(model.predict(ones, verbose=0), ones)


def test_training_without_compile_or_with_what_does_not_fit_is_an_error() -> None:
    model = training_cases.mlp()(keras)
    x, y = training_cases.FEATURES, training_cases.NUMBERS
    with pytest.raises(errors.BadArgumentError, match="compile"):
        model.fit(x, y)
    with pytest.raises(errors.BadArgumentError, match="did you mean 'adam'"):
        model.compile("adan", "mse")
    model.compile("sgd", "mse")
    with pytest.raises(errors.BadShapeError, match="do not fit"):
        model.fit(x, y[:, :2], verbose=0)
    with pytest.raises(errors.BadArgumentError, match="rows"):
        model.fit(x, y[:5], verbose=0)
    with pytest.raises(errors.BadArgumentError, match="no rows"):
        model.fit(x[:0], y[:0], verbose=0)
    with pytest.raises(errors.UnsupportedError, match="loss"):
        model.compile("sgd", lambda true, pred: 0)
        model.fit(x, y, verbose=0)


def test_callbacks_see_epochs_and_batches_and_may_stop() -> None:
    model = training_cases.mlp()(keras)
    model.compile("sgd", "mse")
    seen: list[tuple[str, int]] = []

    class Watcher(keras.callbacks.Callback):
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            seen.append(("epoch", epoch))
            self.model.stop_training = epoch == 1

        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            assert np.isfinite(logs["loss"])
            seen.append(("batch", batch))

    model.fit(training_cases.FEATURES, training_cases.NUMBERS, batch_size=7, epochs=5, verbose=0, callbacks=[Watcher()])
    assert seen == [("batch", 0), ("batch", 1), ("epoch", 0), ("batch", 0), ("batch", 1), ("epoch", 1)]
    assert model.history.epoch == [0, 1]


def test_batches_come_from_generators_and_sequences_too() -> None:
    x, y = training_cases.FEATURES, training_cases.NUMBERS

    def pairs() -> Any:
        for start in range(0, 12, 4):
            yield x[start : start + 4], y[start : start + 4]

    def endless() -> Any:
        while True:
            yield from pairs()

    def run(data: Any, **more: Any) -> list[float]:
        model = training_cases.mlp()(keras)
        model.set_weights(training_cases.arrays_for(model))
        model.compile("sgd", "mse")
        return list(model.fit(data, epochs=2, verbose=0, shuffle=False, **more).history["loss"])

    class Pairs:
        def __len__(self) -> int:
            return 3

        def __getitem__(self, index: int) -> Any:
            return list(pairs())[index]

    np.testing.assert_allclose(run(endless(), steps_per_epoch=3), run(Pairs()), rtol=1e-6)
    with pytest.raises(errors.BadArgumentError, match="no batch"):
        run(iter(()))


@pytest.mark.parametrize("ending", ["keras", "h5"])
@pytest.mark.parametrize("optimizer", ["adam", "rmsprop", "nadam"])
def test_training_goes_on_after_saving_and_loading(ending: str, optimizer: str, tmp_path: Path) -> None:
    x, y = training_cases.FEATURES, training_cases.NUMBERS
    model = training_cases.mlp()(keras)
    model.set_weights(training_cases.arrays_for(model))
    model.compile(optimizer, "mse", metrics=["mae"])
    model.fit(x, y, epochs=2, shuffle=False, verbose=0)
    path = tmp_path / f"model.{ending}"
    model.save(path)
    again = keras.models.load_model(path)
    more = [item.fit(x, y, epochs=2, shuffle=False, verbose=0).history for item in (model, again)]
    if optimizer != "nadam":  # whose product of momenta is in no file of Keras either
        assert list(more[0]) == list(more[1])
        for key, values in more[0].items():
            np.testing.assert_allclose(more[1][key], values, rtol=1e-5)
    assert int(again.optimizer.iterations) == int(model.optimizer.iterations) == 4


def test_a_frozen_layer_of_a_loaded_model_stays_as_it_is(tmp_path: Path) -> None:
    model = training_cases.mlp()(keras)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    loaded.layers[0].trainable = False
    loaded.compile("sgd", "mse")
    before = [np.array(weight) for weight in loaded.get_weights()]
    loaded.fit(training_cases.FEATURES, training_cases.NUMBERS, verbose=0)
    changed = [bool((a != b).any()) for a, b in zip(before, loaded.get_weights(), strict=True)]
    assert changed == [False, False, True, True]
