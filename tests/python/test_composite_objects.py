"""Custom layers and models that are made of other layers, as real Keras saved them (tools/golden_scripts.py)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import composite_objects
import numpy as np
import pytest
from cases import FOLDER, assert_close
from cornu import errors, keras

OBJECTS = composite_objects.define(keras)
FILES = sorted(path.name for path in FOLDER.glob("composite_*.*") if "registered" not in path.name)


@pytest.fixture(autouse=True)
def nothing_stays_registered() -> Iterator[None]:
    yield
    keras.saving.get_custom_objects().clear()


def answers(file: str) -> tuple[np.ndarray, np.ndarray]:
    name = Path(file).stem.removeprefix("composite_")
    with np.load(FOLDER / "composite.npz") as stored:
        return stored[f"{name}/x"], stored[f"{name}/y"]


@pytest.mark.parametrize("file", FILES)
def test_layers_made_of_layers_get_their_weights(file: str) -> None:
    x, y = answers(file)
    model = keras.models.load_model(FOLDER / file, custom_objects=OBJECTS)
    assert_close(model.predict(x, verbose=0), y)
    assert_close(model(x[:2]), y[:2])
    assert_close(model.predict_on_batch(x), y)


@pytest.mark.parametrize("ending", ["keras", "h5"])
def test_registered_classes_and_functions_are_found_by_their_package(ending: str) -> None:
    x, y = answers("registered")
    with pytest.raises(errors.UnsupportedError, match=r"Doubled.*custom_objects=\{"):
        keras.models.load_model(FOLDER / f"composite_registered.{ending}")
    register = keras.saving.register_keras_serializable
    register("Shop")(OBJECTS["Doubled"])
    register("Shop", name="waving")(OBJECTS["wave"])
    assert_close(keras.models.load_model(FOLDER / f"composite_registered.{ending}").predict(x, verbose=0), y)


def test_objects_may_be_given_by_any_of_their_names() -> None:
    x, y = answers("registered")
    path = FOLDER / "composite_registered.keras"
    for objects in (
        {"Doubled": OBJECTS["Doubled"], "waving": OBJECTS["wave"]},
        {"Shop>Doubled": OBJECTS["Doubled"], "Shop>waving": OBJECTS["wave"]},
    ):
        assert_close(keras.models.load_model(path, custom_objects=objects).predict(x, verbose=0), y)
        with keras.saving.custom_object_scope(objects):
            assert_close(keras.models.load_model(path).predict(x, verbose=0), y)
        keras.saving.get_custom_objects().update(objects)
        assert_close(keras.models.load_model(path).predict(x, verbose=0), y)
        keras.saving.get_custom_objects().clear()


def test_new_weights_reach_the_layers_inside() -> None:
    x, _ = answers("residual")
    model = keras.models.load_model(FOLDER / "composite_residual.keras", custom_objects=OBJECTS)
    before = model.predict(x, verbose=0)
    weights = model.get_weights()
    model.set_weights([weight * 0 for weight in weights])
    assert not model.predict(x, verbose=0).any()
    model.set_weights(weights)
    assert np.array_equal(model.predict(x, verbose=0), before)


def test_a_missing_weight_inside_is_named() -> None:
    class Other(OBJECTS["Perceptron"]):  # type: ignore[misc]
        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.first, self.other = keras.layers.Activation("relu"), keras.layers.Dense(5)

        def call(self, x: Any, training: Any = None) -> Any:
            return self.last(self.other(x))

    with pytest.raises(errors.BadFileError, match="no weight at '.*other/vars/0'"):
        keras.models.load_model(FOLDER / "composite_perceptron.keras", custom_objects={"Perceptron": Other})
