"""Stateful recurrent layers: what they keep from batch to batch, and how scripts reset it."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cornu import keras

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "layers" / "stateful.keras"
X = np.random.default_rng(4).normal(size=(4, 3, 2)).astype(np.float32)


def built() -> Any:
    inputs = keras.Input(batch_shape=(2, 3, 2))
    return keras.Model(inputs, keras.layers.LSTM(3, stateful=True, name="lstm")(inputs))


@pytest.fixture
def stored(tmp_path: Path) -> Any:
    built().save(tmp_path / "stateful.keras")
    return keras.models.load_model(tmp_path / "stateful.keras")


def predict(model: Any) -> np.ndarray:
    answer: np.ndarray = model.predict(X, batch_size=2, verbose=0)
    return answer


def test_calls_go_on_until_layers_are_reset(stored: Any) -> None:
    first, second = predict(stored), predict(stored)
    assert not np.array_equal(first, second)
    for layer in stored.layers:
        if hasattr(layer, "reset_state"):
            layer.reset_state()
    assert np.array_equal(predict(stored), first)
    stored.get_layer("lstm").reset_states()
    assert np.array_equal(np.concatenate([stored(X[:2]), stored.predict_on_batch(X[2:])]), first)
    assert np.array_equal(predict(stored), second)
    stored.reset_states()
    assert np.array_equal(stored.predict(X, batch_size=2, verbose=0, steps=2), first)


def test_states_are_seen_and_given(stored: Any) -> None:
    first = predict(stored)
    layer = stored.get_layer("lstm")
    hidden, carry = (state.numpy() for state in layer.states)
    assert hidden.shape == carry.shape == (2, 3)
    assert np.array_equal(hidden, first[2:])
    second = predict(stored)
    layer.reset_states()
    layer.reset_states(states=[hidden, carry])
    assert np.array_equal(predict(stored), second)
    with pytest.raises(ValueError, match="2 states, received 1"):
        layer.reset_states(states=[hidden])
    with pytest.raises(ValueError, match=r"\(2, 3\)"):
        layer.reset_states(states=[hidden, carry[:1]])


def test_a_built_model_keeps_states_for_its_layers() -> None:
    model = built()
    first = predict(model)
    assert not np.array_equal(predict(model), first)
    model.layers[1].reset_states()
    assert np.array_equal(predict(model), first)


def test_new_weights_leave_the_states(stored: Any) -> None:
    first, second = predict(stored), predict(stored)
    stored.reset_states()
    assert np.array_equal(predict(stored), first)
    stored.set_weights(stored.get_weights())
    assert np.array_equal(predict(stored), second)


def test_models_and_pickles_have_their_own(stored: Any) -> None:
    first = predict(stored)
    assert np.array_equal(predict(pickle.loads(pickle.dumps(stored))), first)


def test_layers_without_a_state_have_nothing_to_reset() -> None:
    inputs = keras.Input((3, 2))
    model = keras.Model(inputs, keras.layers.Dense(1)(keras.layers.GRU(2, name="gru")(inputs)))
    assert not hasattr(model.layers[-1], "reset_states")
    model.get_layer("gru").reset_states()
    assert model.get_layer("gru").states == []


def test_rows_and_batches_that_do_not_fit_are_named(stored: Any) -> None:
    with pytest.raises(ValueError, match="a multiple of 2 rows; received 3"):
        stored.predict(X[:3], verbose=0)
    with pytest.raises(ValueError, match="give the model's input a batch_shape"):
        keras.layers.GRU(2, stateful=True)(keras.Input((3, 2)))


def test_layers_inside_others_are_reset_by_them() -> None:
    model = keras.models.load_model(GOLDEN)
    shapes = [tuple(2 if size is None else size for size in tensor.shape) for tensor in model.inputs]
    inputs = [np.ones(shape, np.float32) for shape in shapes]
    first = model.predict_on_batch(inputs)
    wrapped = [layer for layer in model.layers if type(layer).__name__ == "Bidirectional"]
    assert [len(layer.states) for layer in wrapped] == [4, 2]
    second = model.predict_on_batch(inputs)
    for layer in model.layers:
        if hasattr(layer, "reset_states"):
            layer.reset_states()
    third = model.predict_on_batch(inputs)
    assert all(np.array_equal(a, b) for a, b in zip(first, third, strict=True))
    assert not all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))
