"""Models that are saved, exported and loaded again."""

from __future__ import annotations

import io
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

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


@pytest.mark.parametrize("name", ["objects", "training", "keras3", "names"])
def test_checkpoints_of_tensorflow_are_weights(name: str) -> None:
    folder = Path(__file__).parents[1] / "golden" / "checkpoint"
    model = keras.models.model_from_json((folder / f"{name}.json").read_text())
    model.load_weights(folder if name == "training" else folder / name)
    arrays = np.load(folder / f"{name}.npz")
    np.testing.assert_allclose(model.predict(arrays["input_0"], verbose=0), arrays["output_0"], rtol=0, atol=1e-6)
    with pytest.raises(errors.BadFileError, match="layer_with_weights|kernel|model/"):
        keras.Sequential([keras.Input((4, 3)), keras.layers.Dense(2)]).load_weights(folder / name)


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


def test_arguments_are_those_of_keras_and_others_are_named(model: keras.Model, tmp_path: Path) -> None:
    model.save(str(tmp_path / "m.h5"), True, None, include_optimizer=False, save_format="h5")
    keras.saving.save_model(model, tmp_path / "m.keras", overwrite=True, zipped=True)
    keras.saving.save_weights(model, tmp_path / "m.weights.h5", overwrite=True)
    keras.saving.load_weights(model, tmp_path / "m.weights.h5")
    model.export(tmp_path / "saved", "tf_saved_model", verbose=False, input_signature=None)
    wrong: list[tuple[Any, str]] = [
        (lambda: model.save(io.BytesIO()), "BytesIO"),
        (lambda: model.save_weights(io.BytesIO()), "BytesIO"),
        (lambda: model.export(7), "int"),
        (lambda: model.save(tmp_path / "m.keras", zipped=False), "one file"),
        (lambda: model.save(tmp_path / "m.keras", save_format="h5"), "save_format"),
        (lambda: model.save(tmp_path / "m.keras", signatures=None), "signatures"),
        (lambda: model.save_weights(tmp_path / "m.weights.h5", max_shard_size=1), "max_shard_size"),
        (lambda: model.save_weights(tmp_path / "m.weights.h5", overwrite=False), "overwrite"),
        (lambda: model.export(tmp_path / "saved", input_signature=[]), "input_signature"),
        (lambda: model.export(tmp_path / "saved", opset_version=18), "opset_version"),
    ]
    for call, text in wrong:
        with pytest.raises(errors.BadArgumentError, match=text):
            call()


# Run in a process of its own with the model, a limit and the target: no file may grow beyond the limit, as on a full disk.
FULL = """
import resource, sys
from cornu import errors, keras
model = keras.models.load_model(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)
try:
    (model.export if "." not in sys.argv[3] else model.save_weights if "weights" in sys.argv[3] else model.save)(sys.argv[3])
except errors.IoError:
    print("refused")
"""


@pytest.mark.parametrize("name", ["m.keras", "m.h5", "m.weights.h5", "saved"])
@pytest.mark.parametrize("limit", [0, 100, 20_000, 78_000])
def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, name: str, limit: int) -> None:
    target = tmp_path / name
    command = [sys.executable, "-c", FULL, str(DIGITS), str(limit), target.name]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "refused\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("target", ["m.keras", "m.h5", "saved"])
def test_weights_go_from_file_to_file(tmp_path: Path, target: str) -> None:
    layers = [
        {"class_name": "InputLayer", "config": {"batch_shape": [None, 4096], "dtype": "float32", "name": "x"}},
        {"class_name": "Dense", "config": {"name": "d", "units": 8192}},
    ]
    model = keras.models.model_from_config({"class_name": "Sequential", "config": {"name": "m", "layers": layers}})
    model.set_weights([np.ones((4096, 8192), "float32"), np.zeros(8192, "float32")])  # 134 MB
    model.save(tmp_path / "source.h5")
    limit = 64 << 20  # of heap and stacks; mapped files do not count

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))

    cornu = Path(sys.executable).with_name("cornu")
    subprocess.run([cornu, "convert", "source.h5", target], cwd=tmp_path, preexec_fn=limited, check=True)
    assert keras.models.load_model(tmp_path / target).predict(np.ones((1, 4096)), verbose=0)[0, 0] == 4096
