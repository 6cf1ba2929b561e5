"""tf.saved_model.load on the digits model."""

import pickle
from pathlib import Path

import cornu as tf
import numpy as np
import pytest
from cornu import keras

DIGITS = Path(__file__).resolve().parents[2] / "examples" / "digits"


def test_a_signature_answers_as_keras_does() -> None:
    model = tf.saved_model.load(DIGITS / "digits_saved_model")
    assert "serving_default" in model.signatures
    function = model.signatures["serving_default"]
    with np.load(DIGITS / "digits.npz") as arrays:
        images, answers = arrays["input_0"], arrays["output_0"]
    (name,) = function.structured_input_signature
    result = function(**{name: images})
    (output,) = result.values()
    np.testing.assert_allclose(output, answers, atol=1e-5)
    assert list(result) == list(function.structured_outputs)


def test_wrong_names_are_told() -> None:
    model = tf.saved_model.load(DIGITS / "digits_saved_model")
    with pytest.raises(KeyError, match="serving_default"):
        model.signatures["other"]
    with pytest.raises(TypeError, match="by name"):
        model.signatures["serving_default"](wrong=np.zeros(1))
    with pytest.raises(FileNotFoundError):
        tf.saved_model.load(DIGITS / "nothing")


class Recorder:
    """Stands for a native model of strings: keeps what it is given."""

    inputs = [("text", "string", (None,)), ("scale", "float32", ())]
    outputs = [("length", "int32", (None,))]

    def predict(self, arrays: list, batch_size: int) -> list:
        self.given = arrays
        return [np.zeros(batch_size, np.int32)]


def test_strings_reach_the_native_module_as_bytes() -> None:
    model = Recorder()
    tf.saved_model.Signature(model)(text=np.array([["a", "bc"], ["", "d"]]), scale=2)
    assert model.given[0] == ([b"a", b"bc", b"", b"d"], (2, 2))
    assert model.given[1].dtype == np.float32


GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "saved_model"


def golden(name: str) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Inputs and answers of a model of tools/make_saved_models.py, in the order of the Keras model."""
    with np.load(GOLDEN / name / "io.npz") as arrays:
        inputs = [arrays[key] for key in sorted(arrays) if key.startswith("input_")]
        return inputs, [arrays[key] for key in sorted(arrays) if key.startswith("answer_")]


@pytest.mark.parametrize("name", ["sequential", "several", "recurrent"])
def test_a_saved_model_of_keras_2_is_a_keras_model_with_layers(name: str, tmp_path: Path) -> None:
    model = keras.models.load_model(GOLDEN / name)
    inputs, answers = golden(name)
    got = model.predict(inputs if len(inputs) > 1 else inputs[0], verbose=0)
    for have, wanted in zip(got if isinstance(got, list) else [got], answers, strict=True):
        np.testing.assert_allclose(have, wanted, atol=1e-5)
    assert len(model.layers) > 2
    assert all(layer.name for layer in model.layers)
    assert model.get_layer("dense" if name != "several" else "left").get_weights()[0].ndim == 2
    assert model.get_config()["name"] == model.name
    again = pickle.loads(pickle.dumps(model))
    assert [layer.name for layer in again.layers] == [layer.name for layer in model.layers]
    for ending in ("h5", "keras"):
        model.save(tmp_path / f"model.{ending}")
        copy = keras.models.load_model(tmp_path / f"model.{ending}")
        np.testing.assert_allclose(
            np.ravel(copy.predict(inputs if len(inputs) > 1 else inputs[0], verbose=0)[0]), np.ravel(got[0]), atol=1e-6
        )


def test_a_subclassed_model_runs_its_signature() -> None:
    model = keras.models.load_model(GOLDEN / "subclassed")
    inputs, answers = golden("subclassed")
    np.testing.assert_allclose(model.predict(inputs[0], verbose=0), answers[0], atol=1e-5)


def test_variables_that_restoring_leaves_out_come_from_the_object_graph() -> None:
    model = tf.saved_model.load(GOLDEN / "twice")
    inputs, answers = golden("twice")
    (answer,) = model.signatures["serving_default"](inputs[0]).values()
    np.testing.assert_allclose(answer, answers[0], atol=1e-5)
    assert {variable.path: variable.shape for variable in model.variables} == {
        "hidden/kernel": (4, 3),
        "hidden/bias": (3,),
        "dense/kernel": (3, 2),
        "dense/bias": (2,),
    }
    assert len(model.trainable_variables) == 4
    assert model.variables[0].numpy().dtype == np.float32


def test_functions_of_the_object_are_attributes() -> None:
    model = tf.saved_model.load(DIGITS / "digits_saved_model")
    with np.load(DIGITS / "digits.npz") as arrays:
        images, answers = arrays["input_0"], arrays["output_0"]
    np.testing.assert_allclose(model.serve(images), answers, atol=1e-5)
    with pytest.raises(AttributeError, match="serving_default"):
        model.nothing(images)


def test_a_tfsm_layer_runs_an_endpoint() -> None:
    with np.load(DIGITS / "digits.npz") as arrays:
        images, answers = arrays["input_0"], arrays["output_0"]
    layer = keras.layers.TFSMLayer(DIGITS / "digits_saved_model", call_endpoint="serve")
    np.testing.assert_allclose(layer(images), answers, atol=1e-5)
    named = keras.layers.TFSMLayer(DIGITS / "digits_saved_model", call_endpoint="serving_default")(images)
    np.testing.assert_allclose(next(iter(named.values())), answers, atol=1e-5)
    assert layer.get_config()["call_endpoint"] == "serve"
    with pytest.raises(ValueError, match="serving_default"):
        keras.layers.TFSMLayer(DIGITS / "digits_saved_model", call_endpoint="other")


def test_signatures_differ_and_a_loop_without_end_is_stopped() -> None:
    model = tf.saved_model.load(GOLDEN / "endless", max_iterations=1000)
    assert sorted(model.signatures) == ["double", "wait"]
    answers = model.double(np.array([1, 2.5], np.float32))
    assert answers["y"].tolist() == [2, 5]
    assert answers["size"] == 2
    assert model.wait(3) == 3
    with pytest.raises(NotImplementedError, match="1000 iterations"):
        model.wait(1)
    with pytest.raises(NotImplementedError, match=r"longer than 0.1 s"):
        tf.saved_model.load(GOLDEN / "endless", max_seconds=0.1).wait(1)


def test_strings_are_predicted_on() -> None:
    folder = GOLDEN.parent / "layers"
    model = keras.models.load_model(folder / "string_lookup.keras")
    with np.load(folder / "string_lookup.npz") as arrays:
        inputs = [arrays["input_0"], arrays["input_1"]]
        wanted = [arrays[f"output_{i}"] for i in range(3)]
    for words in (inputs[0], np.char.decode(inputs[0], "utf-8"), inputs[0].astype(object)):
        answers = model.predict([words, inputs[1]], verbose=0)
        for have, want in zip(answers, wanted, strict=False):
            np.testing.assert_array_equal(have, want)
