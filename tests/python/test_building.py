"""Models that are built layer by layer, against what real Keras makes of the same scripts."""

from __future__ import annotations

import json
import multiprocessing
import pickle
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import building_models
import numpy as np
import pytest
from cases import assert_close
from cornu import errors, keras
from cornu.keras import layers

DIGITS = Path(__file__).resolve().parents[2] / "examples" / "digits" / "digits.keras"
GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "python" / "building.json"
FACTS = json.loads(GOLDEN.read_text())["models"]


@pytest.fixture(autouse=True)
def fresh_names() -> Iterator[None]:
    keras.backend.clear_session()
    yield


def filled(make: Callable[[Any], Any]) -> tuple[Any, Any]:
    """The model with its weights, and its inputs."""
    model = make(keras)
    weights, inputs = building_models.arrays_for(model, building_models.MODELS.index(make))
    model.set_weights(weights)
    return model, inputs if len(inputs) > 1 else inputs[0]


@pytest.mark.parametrize("make", building_models.MODELS, ids=lambda make: make.__name__)
def test_a_built_model_is_that_of_keras(make: Callable[[Any], Any]) -> None:
    model, x = filled(make)
    facts = FACTS[make.__name__]
    assert [layer.name for layer in model.layers] == facts["layers"]
    assert [list(weight.shape) for weight in model.weights] == facts["weights"]
    assert [weight.path for weight in model.weights] == facts["paths"]
    assert [list(tensor.shape) for tensor in model.inputs] == facts["inputs"]
    assert [list(tensor.shape) for tensor in model.outputs] == facts["outputs"]
    answers = model.predict(x, verbose=0)
    with np.load(GOLDEN.with_suffix(".npz")) as stored:
        wanted = [stored[name] for name in stored.files if name.startswith(f"{make.__name__}/")]
    assert_close(answers, wanted if isinstance(answers, list) else wanted[0])


@pytest.mark.parametrize("make", building_models.MODELS, ids=lambda make: make.__name__)
def test_a_built_model_survives_its_file_its_json_and_its_pickle(make: Callable[[Any], Any], tmp_path: Path) -> None:
    model, x = filled(make)
    wanted = model.predict(x, verbose=0)
    model.save(tmp_path / "model.keras")
    assert_close(keras.models.load_model(tmp_path / "model.keras").predict(x, verbose=0), wanted)
    again = keras.models.model_from_json(model.to_json())
    again.set_weights(model.get_weights())
    assert_close(again.predict(x, verbose=0), wanted)
    assert_close(pickle.loads(pickle.dumps(model)).predict(x, verbose=0), wanted)


def answer_in_worker(model: Any, x: np.ndarray) -> np.ndarray:
    return model.predict(x, verbose=0)


def test_a_built_model_passes_to_workers() -> None:
    model, x = filled(building_models.residual)
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        for answer in pool.starmap(answer_in_worker, [(model, x)] * 2):
            assert_close(answer, model.predict(x, verbose=0))


def test_models_share_the_weights_of_shared_layers() -> None:
    x = keras.Input((4,))
    hidden = layers.Dense(3, name="hidden")
    encoder = keras.Model(x, hidden(x))
    whole = keras.Model(x, layers.Dense(1)(hidden.output))
    before = whole.predict(np.ones((1, 4)), verbose=0)
    encoder.set_weights([np.full((4, 3), 2.0), np.ones(3)])
    np.testing.assert_array_equal(whole.get_layer("hidden").get_weights()[0], np.full((4, 3), 2.0))
    assert (whole.predict(np.ones((1, 4)), verbose=0) != before).any()
    assert whole.get_layer("hidden") is hidden


def test_a_loaded_model_is_a_layer_of_a_new_one(tmp_path: Path) -> None:
    base, x = filled(building_models.attention)
    base.save(tmp_path / "base.keras")
    loaded = keras.models.load_model(tmp_path / "base.keras")
    inputs = keras.Input((6, 8))
    model = keras.Model(inputs, layers.Dense(2, kernel_initializer="ones")(loaded(inputs, training=False)))
    wanted = base.predict(x, verbose=0).sum(axis=1, keepdims=True).repeat(2, axis=1)
    np.testing.assert_allclose(model.predict(x, verbose=0), wanted, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("make", building_models.MODELS, ids=lambda make: make.__name__)
def test_a_loaded_model_gets_a_new_head(make: Callable[[Any], Any], tmp_path: Path) -> None:
    base, x = filled(make)
    base.save(tmp_path / "base.h5")
    loaded = keras.models.load_model(tmp_path / "base.h5")
    ends = loaded.outputs
    heads = [layers.Flatten()(layers.Rescaling(2.0)(tensor)) for tensor in ends]
    model = keras.Model(loaded.inputs, heads if len(heads) > 1 else heads[0])
    wanted = base.predict(x, verbose=0)
    if isinstance(wanted, list):
        assert_close(model.predict(x, verbose=0), [2 * answer.reshape(len(answer), -1) for answer in wanted])
    else:
        assert_close(model.predict(x, verbose=0), 2 * wanted.reshape(len(wanted), -1))
    assert len(model.weights) == len(base.weights)


def test_every_layer_of_the_goldens_keeps_its_config() -> None:
    for path in sorted((GOLDEN.parents[1] / "layers").glob("*.keras")):
        with zipfile.ZipFile(path) as archive:
            config = json.loads(archive.read("config.json"))
        for item in config["config"].get("layers", []) if isinstance(config["config"], dict) else []:
            if item.get("module") != "keras.layers" or item["class_name"] == "InputLayer":
                continue
            layer = getattr(layers, item["class_name"]).from_config(item["config"])
            kept = layer.get_config()
            lost = {key: value for key, value in item["config"].items() if key != "dtype" and kept.get(key) != value}
            assert not lost, f"{path.name}: {layer.name}"


def test_a_layer_is_called_with_arrays() -> None:
    dense = layers.Dense(2, kernel_initializer="ones", activation="relu")
    np.testing.assert_array_equal(dense(np.array([[1.0, 2.0], [-3.0, 1.0]])), [[3, 3], [0, 0]])
    assert dense.kernel.shape == (2, 2)
    np.testing.assert_array_equal(layers.Add()([np.ones((1, 2)), np.ones((1, 2))]), [[2, 2]])


def test_a_sequential_without_an_input_shape_is_built_by_its_first_array() -> None:
    model = keras.Sequential([layers.Dense(3), layers.Dense(2)])
    assert not model.built
    with pytest.raises(errors.BadArgumentError, match="input"):
        model.summary()
    assert model.predict(np.zeros((5, 4)), verbose=0).shape == (5, 2)
    assert model.count_params() == 4 * 3 + 3 + 3 * 2 + 2
    model.pop()
    assert model.predict(np.zeros((5, 4)), verbose=0).shape == (5, 3)


def test_equal_seeds_give_equal_weights() -> None:
    drawn = []
    for seed in (1, 1, 2):
        keras.backend.clear_session()
        keras.utils.set_random_seed(seed)
        drawn.append(building_models.residual(keras).get_weights())
    for first, second in zip(drawn[0], drawn[1], strict=True):
        np.testing.assert_array_equal(first, second)
    assert any((first != third).any() for first, third in zip(drawn[0], drawn[2], strict=True))


@pytest.mark.parametrize(
    ("name", "spread"),
    [("glorot_uniform", 2 / 700), ("he_normal", 2 / 400), ("lecun_uniform", 1 / 400), ("random_normal", 0.05**2),
     ("GlorotNormal", 2 / 700), ("random_uniform", 0.1**2 / 12), ("orthogonal", 1 / 400)],
)  # fmt: skip
def test_initializers_have_keras_s_spread(name: str, spread: float) -> None:
    keras.utils.set_random_seed(3)
    values = keras.initializers.get(name)((400, 300))
    assert values.dtype == np.float32
    assert abs(values.mean()) < 3 * np.sqrt(spread / values.size)
    assert values.var() == pytest.approx(spread, rel=0.03)


def test_orthogonal_columns_and_the_forget_gate() -> None:
    matrix = keras.initializers.Orthogonal(seed=1)((6, 4)).astype("float64")
    np.testing.assert_allclose(matrix.T @ matrix, np.eye(4), atol=1e-6)
    lstm = layers.LSTM(3)
    lstm(keras.Input((4, 2)))
    np.testing.assert_array_equal(lstm.get_weights()[2], [0] * 3 + [1] * 3 + [0] * 6)


@pytest.mark.parametrize(
    ("build", "text"),
    [
        (layers.Dense, "units"),
        (lambda: layers.Dense(3, unit=4), "unit"),
        (lambda: layers.Dense(3, kernel_initializer="glorot_unifrom"), "GlorotUniform"),
        (keras.Input, "shape"),
        (lambda: keras.Model(keras.Input((2,)), layers.Dense(1)(keras.Input((3,)))), "input_layer_1"),
        (lambda: keras.Sequential([layers.Dense(2, name="a"), layers.Dense(2, name="a")]), "'a'"),
        (lambda: keras.Sequential([keras.Input((2,)), 7]), "layer"),
        (lambda: keras.Sequential([keras.Input((4, 2)), layers.Conv2D(3, 3)]), "conv2d"),
    ],
)
def test_what_does_not_fit_is_named(build: Callable[[], Any], text: str) -> None:
    with pytest.raises(errors.Error, match=text):
        build()


def test_symbolic_tensors_have_no_values() -> None:
    x = keras.Input((2,))
    with pytest.raises(TypeError, match="truth"):
        bool(x)
    with pytest.raises(TypeError, match="values"):
        np.asarray(x)


class Squeezed(keras.Model):
    """A subclass as scripts write it."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden = layers.Dense(4, activation="relu")
        self.last = layers.Dense(2)

    def call(self, x: Any) -> Any:
        return self.last(self.hidden(x) + 1.0)


def test_a_subclass_is_traced_once(tmp_path: Path) -> None:
    model = Squeezed()
    with pytest.raises(errors.BadArgumentError, match="call it"):
        model.summary()
    x = np.linspace(-1, 1, 10).reshape(2, 5)
    answers = model.predict(x, verbose=0)
    kernel, bias = model.hidden.get_weights()
    last_kernel, last_bias = model.last.get_weights()
    assert_close(answers, (np.maximum(x @ kernel + bias, 0) + 1) @ last_kernel + last_bias)
    assert model.name == "squeezed"
    assert model.layers[1] is model.hidden
    tensor = keras.Input((5,))
    assert_close(keras.Model(tensor, model(tensor)).predict(x, verbose=0), answers)
    model.save(tmp_path / "model.keras")
    assert_close(keras.models.load_model(tmp_path / "model.keras").predict(x, verbose=0), answers)


def test_layers_are_frozen_and_freed() -> None:
    base = keras.models.load_model(DIGITS)
    base.trainable = False
    x = keras.Input((8, 8, 1))
    model = keras.Model(x, layers.Dense(2, name="head")(base(x)))
    assert [weight.path for weight in model.trainable_weights] == ["head/kernel", "head/bias"]
    assert len(model.weights) == len(base.weights) + 2
    other = keras.models.load_model(DIGITS)
    for layer in other.layers:
        layer.trainable = False
    model = keras.Model(other.input, layers.Dense(2, name="head")(other.get_layer("flatten").output))
    model.get_layer("conv1").trainable = True
    assert [weight.path for weight in model.trainable_weights] == ["conv1/kernel", "head/kernel", "head/bias"]
