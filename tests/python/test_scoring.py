"""Losses and metrics against those of real Keras."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import building_models
import numpy as np
import pytest
import scoring_cases
from cornu import errors, keras

GOLDEN = np.load(Path(__file__).resolve().parents[1] / "golden" / "python" / "scoring.npz")
LOSSES = list(scoring_cases.losses())
METRICS = list(scoring_cases.metrics())
EVALUATIONS = list(scoring_cases.evaluations())
FACTS = json.loads((Path(__file__).resolve().parents[1] / "golden" / "python" / "scoring.json").read_text())
DIGITS = Path(__file__).resolve().parents[2] / "examples" / "digits" / "digits.keras"


def name_of(case: Any) -> str:
    return f"{case[0]}-{case[1]}" if isinstance(case, tuple) else str(case)


@pytest.mark.parametrize("number", range(len(LOSSES)), ids=lambda i: name_of(LOSSES[i]))
def test_a_loss_is_that_of_keras(number: int) -> None:
    name, arguments, batches = LOSSES[number]
    loss = getattr(keras.losses, name)(**arguments)
    for k, (true, pred, weight) in enumerate(batches):
        wanted = GOLDEN[f"loss/{number}/{k}"]
        np.testing.assert_allclose(loss(true, pred, sample_weight=weight), wanted, rtol=2e-5, atol=1e-6)
    again = keras.losses.deserialize(keras.losses.serialize(loss))
    assert again.get_config() == loss.get_config()


@pytest.mark.parametrize("number", range(len(METRICS)), ids=lambda i: name_of(METRICS[i]))
def test_a_metric_is_that_of_keras(number: int) -> None:
    name, arguments, batches = METRICS[number]
    metric = getattr(keras.metrics, name)(**arguments)
    for _ in range(2):
        metric.reset_state()
        for true, pred, weight in batches:
            metric.update_state(true, pred, sample_weight=weight)
        np.testing.assert_allclose(metric.result(), GOLDEN[f"metric/{number}"], rtol=2e-5, atol=1e-6)


@pytest.mark.parametrize("number", range(len(EVALUATIONS)), ids=lambda i: f"{EVALUATIONS[i][0]}-{EVALUATIONS[i][1]}")
def test_evaluate_tells_what_keras_tells(number: int) -> None:
    name, arguments, targets, weights, more = EVALUATIONS[number]
    make = getattr(building_models, name)
    keras.backend.clear_session()
    model = make(keras)
    values, inputs = building_models.arrays_for(model, building_models.MODELS.index(make))
    model.set_weights([value * 0.3 for value in values])
    model.compile(**arguments)
    x, y = (items if len(items) > 1 else items[0] for items in (inputs, targets))
    found = model.evaluate(x, y, sample_weight=weights, verbose=0, return_dict=True, **more)
    wanted = FACTS["evaluations"][number]
    assert set(found) == set(wanted["named"])
    for key, value in wanted["named"].items():
        assert found[key] == pytest.approx(value, rel=2e-5, abs=1e-6), key
    listed = model.evaluate(x, y, sample_weight=weights, verbose=0, **more)
    np.testing.assert_allclose(listed, wanted["listed"], rtol=2e-5, atol=1e-6)



def test_evaluate_takes_batches_and_calls_back() -> None:
    model = building_models.operators(keras)
    model.compile(loss="mse", metrics=["mae"])
    _, (x,) = building_models.arrays_for(model, 0)
    y = np.ones((2, 2))
    seen: list[int] = []
    callback = keras.callbacks.LambdaCallback(on_test_batch_end=lambda batch, logs: seen.append(batch))
    whole = model.evaluate(x, y, verbose=0)
    batches = ((x[i : i + 1], y[i : i + 1]) for i in range(2))
    np.testing.assert_allclose(model.evaluate(batches, verbose=0, callbacks=[callback]), whole, rtol=1e-5)
    assert seen == [0, 1]
    np.testing.assert_allclose(model.test_on_batch(x, y), whole, rtol=1e-5)


def test_a_file_tells_how_it_was_compiled() -> None:
    model = keras.models.load_model(DIGITS)
    with np.load(DIGITS.with_suffix(".npz")) as stored:
        x, answers = stored["input_0"], stored["output_0"]
    with pytest.raises(errors.BadArgumentError, match="compile"):
        model.evaluate(x, answers.argmax(-1), verbose=0)
    model.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    assert model.evaluate(x, answers.argmax(-1), verbose=0)[1] == 1.0


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: keras.losses.get("mean_square_error"), "mean_squared_error"),
        (lambda: keras.metrics.get("categorial_accuracy"), "CategoricalAccuracy|categorical_accuracy"),
        (lambda: keras.losses.MeanSquaredError(reduction="median"), "reduction"),
        (lambda: keras.losses.mean_squared_error(np.zeros((2, 3)), np.zeros((2, 4))), "do not fit"),
        (lambda: keras.losses.sparse_categorical_crossentropy([4], np.full((1, 3), 1 / 3)), "class 4"),
        (lambda: keras.metrics.AUC(curve="PRC"), "curve"),
    ],
)
def test_what_does_not_fit_is_named(call: Any, text: str) -> None:
    with pytest.raises(errors.Error, match=text):
        call()
