"""Models that are saved, exported and loaded again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from cornu import errors, keras

DIGITS = Path(__file__).resolve().parents[2] / "examples" / "digits" / "digits.keras"


@pytest.fixture
def model() -> keras.Model:
    return keras.models.load_model(DIGITS)


def images(count: int) -> np.ndarray:
    return np.random.default_rng(3).uniform(0, 16, (count, 8, 8, 1)).astype("float32")


@pytest.mark.parametrize("name", ["m.keras", "m.h5", "m.hdf5"])
def test_a_saved_model_answers_the_same_bits(model: keras.Model, tmp_path: Path, name: str) -> None:
    model.save(tmp_path / name)
    again = keras.models.load_model(tmp_path / name)
    np.testing.assert_array_equal(again.predict(images(5), verbose=0), model.predict(images(5), verbose=0))


def test_changed_weights_are_saved(model: keras.Model, tmp_path: Path) -> None:
    model.set_weights([weight * 0.5 for weight in model.get_weights()])
    keras.saving.save_model(model, tmp_path / "m.keras")
    again = keras.models.load_model(tmp_path / "m.keras")
    for left, right in zip(again.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_array_equal(left, right)


def test_weights_alone_are_loaded_by_a_model_of_the_same_config(model: keras.Model, tmp_path: Path) -> None:
    model.save_weights(tmp_path / "m.weights.h5")
    again = keras.models.model_from_json(model.to_json())
    again.load_weights(tmp_path / "m.weights.h5")
    np.testing.assert_array_equal(again.predict(images(2), verbose=0), model.predict(images(2), verbose=0))


def test_an_exported_model_is_a_saved_model(model: keras.Model, tmp_path: Path) -> None:
    model.export(tmp_path / "saved")
    again = keras.models.load_model(tmp_path / "saved")
    np.testing.assert_allclose(again.predict(images(3), verbose=0), model.predict(images(3), verbose=0), rtol=0, atol=1e-6)


def test_an_exported_model_has_no_keras_config(model: keras.Model, tmp_path: Path) -> None:
    model.export(tmp_path / "saved")
    with pytest.raises(errors.UnsupportedError, match="config"):
        keras.models.load_model(tmp_path / "saved").get_config()


def test_wrong_names_and_formats_are_named(model: keras.Model, tmp_path: Path) -> None:
    with pytest.raises(errors.BadArgumentError, match=r"\.keras"):
        model.save(tmp_path / "m.onnx")
    with pytest.raises(errors.BadArgumentError, match=r"\.weights\.h5"):
        model.save_weights(tmp_path / "m.h5")
    with pytest.raises(errors.BadArgumentError, match="onnx"):
        model.export(tmp_path / "m", format="onnx")
    model.save(tmp_path / "m.keras")
    with pytest.raises(errors.BadArgumentError, match="overwrite"):
        model.save(tmp_path / "m.keras", overwrite=False)
    with pytest.raises(errors.NotFoundError):
        model.save(tmp_path / "no" / "m.keras")
