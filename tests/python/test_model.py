"""What a model tells of itself and its layers, and parts of models, against real Keras."""

from __future__ import annotations

import copy
import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cases import arrays_of, assert_close, facts_of, path_of
from cornu import errors, keras

NAMES = ["mlp", "nested"]


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def nested() -> keras.Model:
    return keras.models.load_model(path_of("nested"))


@pytest.fixture
def mlp() -> keras.Model:
    return keras.models.load_model(path_of("mlp"))


def test_summary_is_keras_s(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")  # as in tools/make_python_cases.py
    model = keras.models.load_model(path_of(name))
    facts = facts_of(name)
    for kind, expected in facts["summary"].items():
        texts: list[str] = []
        model.summary(print_fn=texts.append, **facts["arguments"][kind])
        assert "".join(texts) == expected, kind


def test_summary_goes_to_standard_output(mlp: keras.Model, capsys: pytest.CaptureFixture[str]) -> None:
    mlp.summary(line_length=60)
    assert 'Model: "mlp"' in capsys.readouterr().out
    with pytest.raises(errors.BadArgumentError, match="too short"):
        mlp.summary(line_length=8)
    with pytest.raises(errors.BadArgumentError, match="named like"):
        mlp.summary(layer_range=("none", "such"))


def test_layers_are_keras_s(name: str) -> None:
    model = keras.models.load_model(path_of(name))
    expected = facts_of(name)["layers"]
    assert [layer.name for layer in model.layers] == [fact["name"] for fact in expected]
    for layer, fact in zip(model.layers, expected, strict=True):
        assert type(layer).__name__ == fact["class"]
        assert layer.count_params() == fact["params"]
        if "output_shape" in fact:
            assert layer.output_shape == tuple(fact["output_shape"])
    assert model.count_params() == facts_of(name)["count"]


def test_weights_are_keras_s(name: str) -> None:
    model = keras.models.load_model(path_of(name))
    facts = facts_of(name)["weights"]
    assert [[w.name, list(w.shape), w.trainable] for w in model.weights] == facts
    stored = arrays_of(name, "weight_")
    for i, weight in enumerate(model.get_weights()):
        np.testing.assert_array_equal(weight, stored[str(i)])
        assert not weight.flags.writeable


def test_weights_outlive_the_model(mlp: keras.Model) -> None:
    weights = mlp.get_weights()
    expected = [weight.copy() for weight in weights]
    del mlp
    for weight, value in zip(weights, expected, strict=True):
        np.testing.assert_array_equal(weight, value)


def without_ids(config: Any) -> Any:
    """A config without what Keras writes into files only."""
    if isinstance(config, dict):
        return {key: without_ids(item) for key, item in config.items() if key not in ("shared_object_id", "build_config")}
    return [without_ids(item) for item in config] if isinstance(config, list) else config


def test_configs_are_those_of_the_file(name: str) -> None:
    model = keras.models.load_model(path_of(name))
    config = facts_of(name)["config"]
    assert without_ids(model.get_config()["layers"]) == config["layers"]
    by_name = {layer["config"]["name"]: layer["config"] for layer in config["layers"] if "name" in layer["config"]}
    for layer in model.layers:
        assert without_ids(layer.get_config()) == by_name[layer.name]


def test_layers_are_found_by_name_and_index(nested: keras.Model) -> None:
    dense = nested.get_layer("inner").get_layer("inner_dense")
    assert isinstance(dense, keras.layers.Dense)
    assert (dense.units, dense.kernel.shape, dense.get_weights()[1].shape) == (7, (5, 7), (7,))
    assert isinstance(nested.get_layer("inner"), keras.Model)
    assert nested.get_layer(index=0) is nested.layers[0]
    assert nested.get_layer("both_ways").forward_layer.cell.units == 5
    for wrong in ({"name": "none"}, {"index": 99}, {}, {"name": "lstm", "index": 1}):
        with pytest.raises(errors.BadArgumentError, match="get_layer"):
            nested.get_layer(**wrong)
    with pytest.raises(AttributeError, match="no attribute"):
        _ = dense.no_such_thing


def test_a_config_alone_becomes_a_model_once_it_has_weights(mlp: keras.Model) -> None:
    x = next(iter(arrays_of("mlp", "input_").values()))
    model = keras.models.model_from_json(mlp.to_json())
    assert model.count_params() == mlp.count_params()
    with pytest.raises(errors.BadArgumentError, match="no weights"):
        model.predict(x, verbose=0)
    model.load_weights(path_of("mlp"))
    np.testing.assert_array_equal(model(x), mlp(x))
    other = keras.Sequential.from_config(mlp.get_config())
    other.set_weights(mlp.get_weights())
    np.testing.assert_array_equal(other(x), mlp(x))
    np.testing.assert_array_equal(keras.models.model_from_config(json.loads(mlp.to_json())).get_weights()[0], 0)


@pytest.mark.parametrize("text", ["{", "[1]", '{"class_name": "Dense"}', '{"class_name": "Sequential", "config": {}}'])
def test_a_text_that_is_no_model_is_bad_config(text: str) -> None:
    with pytest.raises(errors.BadConfigError):
        keras.models.model_from_json(text)


def test_new_weights_change_the_answers(mlp: keras.Model) -> None:
    x = next(iter(arrays_of("mlp", "input_").values()))
    before = mlp(x)
    hidden = mlp.get_layer("hidden")
    kernel, bias = hidden.get_weights()
    hidden.set_weights([np.zeros_like(kernel), bias])
    assert np.ptp(np.asarray(mlp(x)), axis=0).max() == 0  # nothing of x is left
    hidden.kernel.assign(kernel)
    np.testing.assert_array_equal(mlp(x), before)
    with pytest.raises(errors.BadShapeError, match="kernel has shape"):
        hidden.set_weights([bias, bias])
    with pytest.raises(errors.BadShapeError, match="4 weights"):
        mlp.set_weights([bias])


def test_a_part_of_a_model_is_a_model(mlp: keras.Model, nested: keras.Model) -> None:
    x = next(iter(arrays_of("mlp", "input_").values()))
    part = keras.Model(inputs=mlp.input, outputs=mlp.get_layer("hidden").output)
    kernel, bias = mlp.get_layer("hidden").get_weights()
    assert_close(part.predict(x, verbose=0), np.maximum(x @ kernel + bias, 0))
    assert [layer.name for layer in part.layers] == ["features", "hidden"]
    both = keras.Model(nested.inputs, [nested.get_layer("lstm").output[1], *nested.outputs])
    inputs = arrays_of("nested", "input_")
    state, *others = both.predict([inputs[key] for key in sorted(inputs)], verbose=0)
    assert state.shape == (5, 5)
    whole = nested.predict(inputs, verbose=0)
    for answer, key in zip(others, sorted(whole), strict=True):
        assert_close(answer, whole[key])
    again = pickle.loads(pickle.dumps(part))
    np.testing.assert_array_equal(again(x), part(x))


def test_the_end_of_a_model_starts_at_any_tensor(mlp: keras.Model) -> None:
    x = next(iter(arrays_of("mlp", "input_").values()))
    start = keras.Model(mlp.input, mlp.get_layer("hidden").output)
    end = keras.Model(mlp.get_layer("drop").input, mlp.output)
    assert_close(end.predict(start.predict(x, verbose=0), verbose=0), mlp.predict(x, verbose=0))


def test_a_part_without_its_input_is_refused(nested: keras.Model) -> None:
    with pytest.raises(errors.BadArgumentError, match="depend on the input"):
        keras.Model(nested.inputs[0], nested.outputs)
    with pytest.raises(errors.UnsupportedError):
        keras.Model(np.zeros(3), nested.outputs)



def test_layers_and_models_inside_compute_alone(mlp: keras.Model, nested: keras.Model) -> None:
    x = np.linspace(-1, 1, 10, dtype=np.float32).reshape(2, 5)
    inner = nested.get_layer("inner")
    kernel, bias = inner.get_layer("inner_dense").get_weights()
    assert_close(inner.get_layer("inner_dense")(x), x @ kernel + bias)
    gamma, beta, mean, variance = inner.get_layer("inner_norm").get_weights()
    expected = (x @ kernel + bias - mean) / np.sqrt(variance + 1e-3) * gamma + beta
    assert_close(inner.predict(x, verbose=0), expected.astype(np.float32))
    assert_close(pickle.loads(pickle.dumps(inner)).predict(x, verbose=0), expected.astype(np.float32))
    assert mlp.get_layer("drop")(np.ones((1, 8), np.float32)).shape == (1, 8)


def test_a_changed_model_pickles_with_its_weights(mlp: keras.Model, tmp_path: Path) -> None:
    del tmp_path
    x = next(iter(arrays_of("mlp", "input_").values()))
    mlp.set_weights([weight * 0.5 for weight in mlp.get_weights()])
    for again in (pickle.loads(pickle.dumps(mlp)), copy.deepcopy(mlp)):
        np.testing.assert_array_equal(again(x), mlp(x))


def test_old_sequentials_list_and_cut_the_same(mlp: keras.Model) -> None:
    digits = Path(__file__).resolve().parents[2] / "examples" / "digits" / "digits.h5"
    model: Any = keras.models.load_model(digits)
    image = np.linspace(0, 16, 64, dtype=np.float32).reshape(1, 8, 8, 1)
    part = keras.Model(model.inputs, model.get_layer("flatten").output)
    kernel, bias = model.get_layer("digit").get_weights()
    logits = part(image) @ kernel + bias
    assert_close(keras.activations.softmax(logits), model(image))
    assert mlp.get_layer("classes").input.shape == (None, 8)
