"""Layers, activations and Lambdas in Python, for a model that real Keras made and answered (tools/make_python_cases.py)."""

from __future__ import annotations

import pickle
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from cases import arrays_of, assert_close, path_of
from cornu import errors, keras


class Scale(keras.layers.Layer):
    """y = x * w * start + b, per channel."""

    def __init__(self, start: float = 1.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.start = start

    def build(self, input_shape: Any) -> None:
        self.w = self.add_weight(shape=(input_shape[-1],), name="w", initializer="uniform")
        self.b = self.add_weight(shape=(input_shape[-1],), name="b", initializer="uniform", trainable=False)

    def call(self, x: Any) -> Any:
        return x * self.w * self.start + self.b


def wave(x: Any) -> Any:
    return np.sin(x) + x


def join(pair: Any) -> Any:
    return np.concatenate(pair, axis=-1)


OBJECTS = {"Scale": Scale, "wave": wave, "join": join}


def load(**objects: Any) -> keras.Model:
    return keras.models.load_model(path_of("custom"), custom_objects={**OBJECTS, **objects})


@pytest.fixture
def x() -> np.ndarray:
    return arrays_of("custom", "input_")["x"]


@pytest.fixture
def expected() -> np.ndarray:
    return arrays_of("custom", "output_")["y"]


@pytest.fixture(autouse=True)
def nothing_stays_registered() -> Iterator[None]:
    yield
    assert keras.saving.get_custom_objects() == {}


def test_answers_are_keras_s(x: np.ndarray, expected: np.ndarray) -> None:
    model = load()
    assert_close(model.predict(x, verbose=0), expected)
    assert_close(model.predict(x, verbose=0, batch_size=2), expected)
    assert model.get_layer("join").output_shape == (None, 7)
    assert [w.path for w in model.get_layer("scale").weights] == ["scale/w", "scale/b"]


def test_a_missing_object_is_named_with_what_to_pass() -> None:
    for missing in OBJECTS:
        objects = {name: thing for name, thing in OBJECTS.items() if name != missing}
        with pytest.raises(NotImplementedError if missing != "wave" else errors.BadConfigError, match=missing) as caught:
            keras.models.load_model(path_of("custom"), custom_objects=objects)
        assert "custom_objects" in str(caught.value)


def test_registered_objects_and_scopes_are_found(x: np.ndarray, expected: np.ndarray) -> None:
    with keras.saving.custom_object_scope(OBJECTS):
        assert_close(keras.models.load_model(path_of("custom"))(x), expected)
    keras.saving.register_keras_serializable("mine", "Scale")(Scale)
    try:
        assert keras.saving.get_custom_objects() == {"mine>Scale": Scale}
    finally:
        keras.saving.get_custom_objects().clear()


def test_changed_weights_reach_the_layer(x: np.ndarray, expected: np.ndarray) -> None:
    model = load()
    scale = model.get_layer("scale")
    w, b = scale.get_weights()
    scale.set_weights([w * 0, b])
    assert np.ptp(np.asarray(model(x)), axis=0).max() == 0
    scale.set_weights([w, b])
    assert_close(model(x), expected)


def test_models_with_objects_travel(x: np.ndarray, expected: np.ndarray) -> None:
    again = pickle.loads(pickle.dumps(load()))
    assert_close(again(x), expected)
    part = keras.Model(again.input, again.get_layer("waving").output)
    assert part(x).shape == (5, 3)


def test_exceptions_of_objects_reach_the_caller(x: np.ndarray) -> None:
    def fails(pair: Any) -> Any:
        if len(pair[0]) == 5:
            raise ZeroDivisionError("from the function")
        return join(pair)

    model = load(join=fails)
    assert model(x[:2]).shape == (2, 2)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError, match="from the function"):
            model(x)
    assert model(x[:2]).shape == (2, 2)


def test_objects_may_be_called_from_several_threads(x: np.ndarray, expected: np.ndarray) -> None:
    model, wrong = load(), []

    def use() -> None:
        for _ in range(20):
            try:
                assert_close(model(x), expected)
            except BaseException as error:
                wrong.append(error)

    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_a_layer_that_keeps_its_inputs_keeps_copies(x: np.ndarray, expected: np.ndarray) -> None:
    kept: list[np.ndarray] = []

    def hoards(x: Any) -> Any:
        kept.append(x)
        return wave(x)

    model = load(wave=hoards)
    assert_close(model(x), expected)
    values = [array.copy() for array in kept]
    model(x + 1)
    del model
    for array, value in zip(kept, values, strict=False):
        np.testing.assert_array_equal(array, value)


def test_what_is_no_function_is_refused(x: np.ndarray) -> None:
    with pytest.raises(errors.BadArgumentError, match="custom_objects"):
        load(wave=3)
    with pytest.raises(errors.BadShapeError, match="two sizes"):
        load(wave=lambda x: x if len(x) == 2 else x.astype(np.int32))
    with pytest.raises(errors.BadShapeError):
        load(wave=lambda x: x[..., :1])(x)


def test_a_class_that_only_renames_a_layer_is_that_layer(x: np.ndarray) -> None:
    class FixedDropout(keras.layers.Dropout):
        def unused(self) -> None:
            """Something that models were saved with, for training."""

    serialized = {
        "class_name": "Sequential",
        "keras_version": "2.4.0",
        "config": {"name": "m", "layers": [
            {"class_name": "FixedDropout", "config": {"name": "f", "rate": 0.5, "batch_input_shape": [None, 4]}}]},
    }  # fmt: skip
    for thing in (FixedDropout, keras.layers.Dropout):
        model = keras.models.model_from_config(serialized, {"FixedDropout": thing})
        np.testing.assert_array_equal(model(x), x)
