"""cornu.keras.models: the digits model against the answers that Keras gave."""

from __future__ import annotations

import importlib.metadata
import pickle
import threading
from collections.abc import Iterator
from pathlib import Path

import cornu
import numpy as np
import pytest
from cornu import errors, keras

DIGITS = Path(__file__).resolve().parents[2] / "examples" / "digits"
AIM = 1e-5


@pytest.fixture(params=["digits.h5", "digits.keras"])
def model(request: pytest.FixtureRequest) -> keras.Model:
    return keras.models.load_model(DIGITS / request.param)


@pytest.fixture
def arrays() -> Iterator[np.lib.npyio.NpzFile]:
    with np.load(DIGITS / "digits.npz") as stored:
        yield stored


def test_predict_gives_keras_s_answers(model: keras.Model, arrays: np.lib.npyio.NpzFile) -> None:
    answers = model.predict(arrays["input_0"], batch_size=7, verbose=0)
    assert answers.dtype == np.float32
    assert np.abs(answers - arrays["output_0"]).max() <= AIM


def test_input_may_be_array_list_or_dict(model: keras.Model, arrays: np.lib.npyio.NpzFile) -> None:
    x = arrays["input_0"][:5]
    expected = arrays["output_0"][:5]
    for given in (x, [x], {"image": x}, x.tolist(), x.astype(np.float64), x.astype(np.uint8), np.asfortranarray(x)):
        assert np.abs(model.predict(given) - expected).max() <= AIM


def test_big_endian_and_strided_input_is_read_right(model: keras.Model, arrays: np.lib.npyio.NpzFile) -> None:
    x = arrays["input_0"]
    assert np.abs(model.predict(x.astype(">f4")) - arrays["output_0"]).max() <= AIM
    assert np.abs(model.predict(x[::-3]) - arrays["output_0"][::-3]).max() <= AIM


def test_call_gives_what_predict_gives(model: keras.Model, arrays: np.lib.npyio.NpzFile) -> None:
    x = arrays["input_0"]
    assert np.abs(model(x) - arrays["output_0"]).max() <= AIM
    with pytest.raises(errors.UnsupportedError):
        model(x, training=True)


def test_answers_outlive_the_model(arrays: np.lib.npyio.NpzFile) -> None:
    model = keras.saving.load_model(str(DIGITS / "digits.h5"))
    answers = model.predict(arrays["input_0"])
    del model
    answers += 0
    assert np.abs(answers - arrays["output_0"]).max() <= AIM


def test_ports_tell_names_types_and_shapes(model: keras.Model) -> None:
    assert model.input_names == ["image"]
    assert model.input_shape == (None, 8, 8, 1)
    assert model.output_shape == (None, 10)
    assert model.inputs[0].dtype == "float32"


def test_several_threads_may_predict_at_once(model: keras.Model, arrays: np.lib.npyio.NpzFile) -> None:
    x, expected, wrong = arrays["input_0"], arrays["output_0"], []

    def work() -> None:
        for _ in range(5):
            if np.abs(model.predict(x) - expected).max() > AIM:
                wrong.append(1)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_missing_file_is_a_file_not_found_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        keras.models.load_model(tmp_path / "missing.keras")
    assert isinstance(caught.value, errors.Error)
    assert caught.value.code == "not_found"
    assert caught.value.where == str(tmp_path / "missing.keras")


def test_file_that_is_no_model_is_a_value_error(tmp_path: Path) -> None:
    (tmp_path / "text.h5").write_text("not a model")
    with pytest.raises(ValueError, match="text.h5") as caught:
        keras.models.load_model(tmp_path / "text.h5")
    assert caught.value.code == "bad_file"


def test_wrong_shape_is_a_value_error_that_names_the_input(model: keras.Model) -> None:
    with pytest.raises(ValueError, match="image") as caught:
        model.predict(np.zeros((2, 9, 9, 1), np.float32))
    assert caught.value.code == "bad_shape"


def test_wrong_names_counts_and_types_are_refused(model: keras.Model) -> None:
    x = np.zeros((1, 8, 8, 1), np.float32)
    with pytest.raises(errors.BadArgumentError, match="image"):
        model.predict({"picture": x})
    with pytest.raises(errors.BadShapeError):
        model.predict(np.array([["a"]]))
    with pytest.raises(errors.BadArgumentError):
        model.predict(x, batch_size=0)


def test_no_rows_give_no_rows(model: keras.Model) -> None:
    assert model.predict(np.zeros((0, 8, 8, 1), np.float32)).shape == (0, 10)


@pytest.mark.parametrize("code", ["not_found", "bad_file", "unsupported", "io", "out_of_memory", "internal"])
def test_errors_survive_pickling(code: str) -> None:
    error = errors.make(code, "message", "where")
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), again.code, again.where) == (type(error), "where: message", code, "where")


def test_version_is_that_of_the_package() -> None:
    assert cornu.__version__ == importlib.metadata.version("cornu")
