"""tf.saved_model.load on the digits model."""

from pathlib import Path

import cornu as tf
import numpy as np
import pytest

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
