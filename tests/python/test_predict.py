"""predict() and calls: inputs of every kind, batches, progress, callbacks, errors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import cornu
import numpy as np
import pytest
from cases import arrays_of, assert_close, path_of
from cornu import errors, keras


@pytest.fixture
def mlp() -> keras.Model:
    return keras.models.load_model(path_of("mlp"))


@pytest.fixture
def x() -> np.ndarray:
    return next(iter(arrays_of("mlp", "input_").values()))


@pytest.fixture
def y() -> np.ndarray:
    return next(iter(arrays_of("mlp", "output_").values()))


class Table:
    """Like a pandas frame: rows of Python objects, and an array on request."""

    def __init__(self, rows: np.ndarray, dtype: Any) -> None:
        self.rows = rows
        self.dtype = dtype

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return np.array(self.rows, dtype=dtype or self.dtype, copy=True if copy is None else copy)


class Exported:
    """An object with nothing but DLPack."""

    def __init__(self, array: np.ndarray) -> None:
        self.array = array

    def __dlpack__(self, **kwargs: Any) -> Any:
        return self.array.__dlpack__(**kwargs)

    def __dlpack_device__(self) -> Any:
        return self.array.__dlpack_device__()


class Batches(keras.utils.PyDataset):
    """A data set by index, of (x, y)."""

    def __init__(self, x: np.ndarray, size: int) -> None:
        super().__init__()
        self.x = x
        self.size = size

    def __len__(self) -> int:
        return (len(self.x) + self.size - 1) // self.size

    def __getitem__(self, index: int) -> tuple[np.ndarray, int]:
        return self.x[index * self.size : (index + 1) * self.size], index


def generate(x: np.ndarray, parts: int = 1) -> Iterator[Any]:
    for row in x:
        yield (row[np.newaxis], 0, 1.0)[:parts] if parts else row[np.newaxis]


def test_answers_are_keras_s_for_nested_inputs_and_outputs() -> None:
    model = keras.models.load_model(path_of("nested"))
    inputs, expected = arrays_of("nested", "input_"), arrays_of("nested", "output_")
    expected = {key: expected[key] for key in ("score", "pair")}
    by_order = [inputs[key] for key in sorted(inputs)]
    for given in (inputs, by_order, tuple(by_order), {key: value.tolist() for key, value in inputs.items()}):
        assert_close(model.predict(given, batch_size=2, verbose=0), expected)
        assert_close(model(given), expected)
    assert_close(model.predict_on_batch(inputs), expected)
    assert_close(model.predict((inputs for _ in range(1)), verbose=0), expected)


def test_inputs_may_be_whatever_numpy_takes(mlp: keras.Model, x: np.ndarray, y: np.ndarray) -> None:
    for given in (
        [x], (x,), {"features": x}, {"features": x, "more": 3}, x.tolist(), Table(x, np.float64), Table(x, object), Exported(x),
        memoryview(x), np.asfortranarray(x), x.astype(">f8"), x.astype(np.longdouble), x[::-1][::-1], list(x),
    ):  # fmt: skip
        assert_close(mlp.predict(given, verbose=0), y)
        assert_close(mlp.predict(given, verbose=0, batch_size=2), y)
        assert_close(mlp(given), y)


@pytest.mark.parametrize("dtype", [np.float16, np.int8, np.int64, np.uint32, np.bool_])
def test_other_number_types_are_cast(dtype: Any, mlp: keras.Model, x: np.ndarray) -> None:
    numbers = (x * 3).astype(dtype)
    np.testing.assert_array_equal(mlp.predict(numbers, verbose=0), mlp.predict(numbers.astype(np.float32), verbose=0))


@pytest.mark.parametrize("batch_size", [1, 2, 3, 5, 100, None])
def test_batches_of_any_size_give_the_same(batch_size: int | None, mlp: keras.Model, x: np.ndarray, y: np.ndarray) -> None:
    assert_close(mlp.predict(x, batch_size=batch_size, verbose=0), y)
    assert_close(mlp.predict(x, batch_size=batch_size), y)


def test_no_rows_give_no_rows(mlp: keras.Model, x: np.ndarray) -> None:
    for verbose in (0, 1):
        assert mlp.predict(x[:0], verbose=verbose).shape == (0, 3)
    assert mlp(x[:0]).shape == (0, 3)


def test_batches_come_from_generators_and_data_sets(mlp: keras.Model, x: np.ndarray, y: np.ndarray) -> None:
    for parts in range(4):
        assert_close(mlp.predict(generate(x, parts), verbose=0), y)
    assert_close(mlp.predict(Batches(x, 2), verbose=0), y)
    assert_close(mlp.predict(iter([x[:2], x[2:]]), verbose=0), y)
    assert_close(mlp.predict(generate(x), steps=3, verbose=0), y[:3])
    assert_close(mlp.predict(x, batch_size=2, steps=2, verbose=0), y[:4])
    with pytest.raises(errors.BadArgumentError, match="no batch"):
        mlp.predict(iter([]), verbose=0)
    with pytest.raises(errors.BadArgumentError, match="batch_size"):
        mlp.predict(generate(x), batch_size=3)
    with pytest.raises(errors.BadArgumentError, match="4 parts"):
        mlp.predict(iter([(x, 1, 2, 3)]), verbose=0)


def shown(capsys: pytest.CaptureFixture[str]) -> str:
    """What stays on a terminal, times left out."""
    text = re.sub(r"\x1b\[\d+m", "", capsys.readouterr().out)
    lines = [line.split("\r")[-1].rstrip() for line in text.rstrip("\n").split("\n")]
    return re.sub(r"\d+(us|ms|s)", "T", "\n".join(lines))


def test_progress_is_drawn_as_keras_does(mlp: keras.Model, x: np.ndarray, capsys: pytest.CaptureFixture[str]) -> None:
    mlp.predict(x, batch_size=2)
    assert shown(capsys) == "3/3 ━━━━━━━━━━━━━━━━━━━━ T T/step"
    mlp.predict(generate(x))
    assert shown(capsys) == "5/5 ━━━━━━━━━━━━━━━━━━━━ T T/step"
    mlp.predict(x, verbose=2)
    assert shown(capsys) == "1/1 - T - T/step"
    mlp.predict(x, verbose=0)
    mlp(x)
    assert shown(capsys) == ""
    with pytest.raises(errors.BadArgumentError, match="verbose"):
        mlp.predict(x, verbose=7)


def test_callbacks_are_called_and_may_stop(mlp: keras.Model, x: np.ndarray, y: np.ndarray) -> None:
    calls: list[Any] = []

    class Recorder(keras.callbacks.Callback):
        def on_predict_begin(self, logs: Any = None) -> None:
            calls.append(("begin", self.params["steps"]))

        def on_predict_batch_end(self, batch: int, logs: Any = None) -> None:
            calls.append((batch, logs["outputs"].shape))
            if batch == 1:
                self.model.stop_predicting = True

        def on_predict_end(self, logs: Any = None) -> None:
            calls.append("end")

    also = keras.callbacks.LambdaCallback(on_predict_batch_begin=lambda batch, logs=None: calls.append(batch))
    answers = mlp.predict(x, batch_size=2, verbose=0, callbacks=[Recorder(), also])
    assert calls == [("begin", 3), 0, (0, (2, 3)), 1, (1, (2, 3)), "end"]
    assert_close(answers, y[:4])


def test_calls_give_arrays_with_tensorflow_s_numpy(mlp: keras.Model, x: np.ndarray, y: np.ndarray) -> None:
    answers = mlp(x, training=False)
    assert isinstance(answers, np.ndarray)
    assert_close(answers.numpy(), y)
    assert type(mlp.predict(x, verbose=0)) is np.ndarray
    assert cornu.nn.softmax(answers[0]).numpy().sum() == pytest.approx(1)
    assert cornu.argmax(answers, axis=1).shape == (5,)
    with pytest.raises(errors.UnsupportedError, match="training"):
        mlp(x, training=True)


def test_answers_are_the_caller_s_to_change(mlp: keras.Model, x: np.ndarray) -> None:
    first = mlp.predict(x, verbose=0)
    kept = first.copy()
    first[:] = 7
    np.testing.assert_array_equal(mlp.predict(x, verbose=0), kept)


def test_what_does_not_fit_is_refused_by_name(mlp: keras.Model, x: np.ndarray) -> None:
    nested = keras.models.load_model(path_of("nested"))
    for wrong, where in (
        (np.zeros((2, 9)), "features"), (np.zeros((2, 2, 4)), "features"), (np.array(["text"] * 4), "features"),
        ([[1, 2], [3]], "features"), (np.zeros((2, 4), "V4"), "features"), (Table(np.array([["a"] * 4]), object), "features"),
        (np.datetime64("2020-01-01"), "features"), (None, "features"),
    ):  # fmt: skip
        with pytest.raises(ValueError, match=where) as caught:
            mlp.predict(wrong, verbose=0)
        assert caught.value.code == "bad_shape"
        with pytest.raises(ValueError, match=where):
            mlp(wrong)
    for wrong in ({"other": x}, {}, [x, x]):
        with pytest.raises(errors.Error):
            mlp.predict(wrong, verbose=0)
    for wrong in (x, [x], {"z_left": x}, [x, x, x]):
        with pytest.raises(errors.BadArgumentError):
            nested.predict(wrong, verbose=0)
    for size in (0, -1, 2.5, "3"):
        with pytest.raises(errors.BadArgumentError, match="batch_size"):
            mlp.predict(x, batch_size=size, verbose=0)
