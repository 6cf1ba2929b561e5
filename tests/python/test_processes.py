"""Models that travel between processes: handles, every start method, forks while other threads predict."""

from __future__ import annotations

import concurrent.futures
import copy
import multiprocessing
import os
import pickle
import shutil
import signal
import threading
from multiprocessing.connection import Connection
from pathlib import Path

import cloudpickle
import joblib
import numpy as np
import pytest
from cornu import errors, keras

DIGITS = Path(__file__).resolve().parents[2] / "examples" / "digits" / "digits.keras"
IMAGES = np.linspace(0, 16, 2 * 64, dtype=np.float32).reshape(2, 8, 8, 1)
METHODS = ["fork", "spawn", "forkserver"]
LIMIT = 120  # seconds; a child that takes longer hangs


def load_and_predict(path: Path) -> np.ndarray:
    """The first pattern: each worker loads the file."""
    return keras.models.load_model(path, compile=False).predict(IMAGES, verbose=0)


def predict(model: keras.Model) -> np.ndarray:
    """The second pattern: each worker is given the parent's model."""
    return model.predict(IMAGES, verbose=0)


def send_prediction(connection: Connection, model: keras.Model) -> None:
    connection.send(predict(model))


def predict_in_grandchild(connection: Connection, model: keras.Model) -> None:
    inner, outer = multiprocessing.Pipe()
    child = multiprocessing.get_context("fork").Process(target=send_prediction, args=(outer, model))
    child.start()
    connection.send(inner.recv())
    child.join()


@pytest.fixture
def model() -> keras.Model:
    return keras.models.load_model(DIGITS)


def test_a_pickle_is_a_handle_of_at_most_512_bytes(model: keras.Model) -> None:
    text = pickle.dumps(model)
    assert len(text) <= 512
    np.testing.assert_array_equal(predict(pickle.loads(text)), predict(model))
    np.testing.assert_array_equal(predict(copy.deepcopy(model)), predict(model))


@pytest.mark.parametrize("method", METHODS)
def test_each_worker_loads(method: str, model: keras.Model) -> None:
    with multiprocessing.get_context(method).Pool(2) as pool:
        for answers in pool.map_async(load_and_predict, [DIGITS] * 4).get(LIMIT):
            np.testing.assert_array_equal(answers, predict(model))


@pytest.mark.parametrize("method", METHODS)
def test_the_parent_loads_and_passes_the_model(method: str, model: keras.Model) -> None:
    expected = predict(model)  # warmed up before any fork
    with multiprocessing.get_context(method).Pool(2) as pool:
        for answers in pool.map_async(predict, [model] * 4).get(LIMIT):
            np.testing.assert_array_equal(answers, expected)


@pytest.mark.parametrize("method", METHODS)
def test_a_process_takes_a_model_as_argument(method: str, model: keras.Model) -> None:
    context = multiprocessing.get_context(method)
    here, there = context.Pipe()
    process = context.Process(target=send_prediction, args=(there,), kwargs={"model": model})
    process.start()
    assert here.poll(LIMIT)
    np.testing.assert_array_equal(here.recv(), predict(model))
    process.join(LIMIT)
    assert process.exitcode == 0


def test_executors_take_models(model: keras.Model) -> None:
    with concurrent.futures.ProcessPoolExecutor(2) as executor:
        for answers in executor.map(predict, [model] * 3, timeout=LIMIT):
            np.testing.assert_array_equal(answers, predict(model))


def test_joblib_s_workers_take_models(model: keras.Model) -> None:
    for answers in joblib.Parallel(n_jobs=2, backend="loky")(joblib.delayed(predict)(model) for _ in range(4)):
        np.testing.assert_array_equal(answers, predict(model))


def test_cloudpickle_takes_functions_that_hold_a_model(model: keras.Model) -> None:
    text = cloudpickle.dumps(lambda: predict(model))
    np.testing.assert_array_equal(pickle.loads(text)(), predict(model))
    assert len(cloudpickle.dumps(model)) <= 512


def test_dumps_and_loads_in_one_process_cost_no_loading(model: keras.Model) -> None:
    assert pickle.loads(pickle.dumps(model))._native is model._native
    assert copy.deepcopy(model)._native is model._native


def test_a_copy_does_not_change_with_its_original() -> None:
    model = keras.models.load_model(DIGITS)
    expected, text, other = predict(model), pickle.dumps(model), copy.deepcopy(model)
    model.set_weights([weight * 0.5 for weight in model.get_weights()])
    assert not np.array_equal(predict(model), expected)
    np.testing.assert_array_equal(predict(pickle.loads(text)), expected)
    np.testing.assert_array_equal(predict(other), expected)


@pytest.fixture
def changed() -> keras.Model:
    """A model whose weights are no longer those of its file."""
    model = keras.models.load_model(DIGITS)
    model.set_weights([weight * 0.5 for weight in model.get_weights()])
    return model


@pytest.mark.parametrize("method", METHODS)
def test_a_model_without_a_file_travels_as_a_handle(method: str, changed: keras.Model) -> None:
    assert len(pickle.dumps(changed)) <= 512
    with multiprocessing.get_context(method).Pool(2) as pool:
        for answers in pool.map_async(predict, [changed] * 4).get(LIMIT):
            np.testing.assert_array_equal(answers, predict(changed))


def test_a_model_without_a_file_may_go_while_its_pickle_travels(changed: keras.Model) -> None:
    expected = predict(changed)
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=send_prediction, args=(there, changed))
    process.start()
    del changed
    assert here.poll(LIMIT)
    np.testing.assert_array_equal(here.recv(), expected)
    process.join(LIMIT)


def send_changed(connection: Connection, path: Path) -> None:
    model = keras.models.load_model(path)
    model.set_weights([weight * 0.5 for weight in model.get_weights()])
    connection.send(model)
    connection.recv()
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_model_without_a_file_outlives_the_process_that_made_it(changed: keras.Model) -> None:
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=send_changed, args=(there, DIGITS))
    process.start()
    assert here.poll(LIMIT)
    text = here.recv_bytes()
    model = pickle.loads(text)
    here.send("done")
    process.join(LIMIT)
    assert process.exitcode == -signal.SIGKILL
    np.testing.assert_array_equal(predict(model), predict(changed))
    del model
    with pytest.raises(errors.NotFoundError, match="has ended"):
        pickle.loads(text)


def test_children_and_grandchildren_predict_while_threads_of_the_parent_go_on(model: keras.Model) -> None:
    expected = predict(model)
    stop = threading.Event()
    wrong = []

    def use() -> None:
        while not stop.is_set():
            if not np.array_equal(predict(model), expected):
                wrong.append(threading.get_ident())

    threads = [threading.Thread(target=use) for _ in range(3)]
    for thread in threads:
        thread.start()
    context = multiprocessing.get_context("fork")
    try:
        for _ in range(10):
            here, there = context.Pipe()
            process = context.Process(target=predict_in_grandchild, args=(there, model))
            process.start()
            assert here.poll(LIMIT)
            np.testing.assert_array_equal(here.recv(), expected)
            process.join(LIMIT)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert not wrong


def test_a_file_that_changed_since_pickling_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "digits.keras"
    shutil.copy(DIGITS, path)
    text = pickle.dumps(keras.models.load_model(path))
    os.utime(path, ns=(0, 0))
    with pytest.raises(errors.BadFileError, match="was written to since"):
        pickle.loads(text)
    shutil.copy(DIGITS, tmp_path / "other")
    os.replace(tmp_path / "other", path)
    with pytest.raises(errors.BadFileError, match="was replaced by another file"):
        pickle.loads(text)
    text = pickle.dumps(keras.models.load_model(path))
    os.truncate(path, 1000)
    with pytest.raises(errors.BadFileError, match="has 1000 bytes now and had"):
        pickle.loads(text)
    path.unlink()
    with pytest.raises(FileNotFoundError):
        pickle.loads(text)


def load_as_nobody(connection: Connection, text: bytes) -> None:
    keras.models.load_model(DIGITS).predict(IMAGES, verbose=0)  # imports what nobody may not be allowed to read
    if os.getuid() == 0:  # root may read everything
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
    try:
        pickle.loads(text)
        connection.send("loaded")
    except OSError as error:
        connection.send(str(error))


def test_a_file_that_the_other_process_may_not_read_is_an_error_that_says_so(tmp_path: Path) -> None:
    path = tmp_path / "digits.keras"
    shutil.copy(DIGITS, path)
    text = pickle.dumps(keras.models.load_model(path))
    path.chmod(0)
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=load_as_nobody, args=(there, text))
    process.start()
    there.close()  # so that the end of the process is seen
    assert here.poll(LIMIT)
    assert "Permission denied" in here.recv()
    process.join(LIMIT)


def test_a_handle_of_a_long_path_is_short_too(tmp_path: Path) -> None:
    path = tmp_path / ("a" * 200) / ("b" * 200) / "digits.keras"
    path.parent.mkdir(parents=True)
    shutil.copy(DIGITS, path)
    model = keras.models.load_model(path)
    text = pickle.dumps(model)
    assert len(text) <= 512
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=send_prediction, args=(there, model))
    process.start()
    assert here.poll(LIMIT)
    np.testing.assert_array_equal(here.recv(), predict(model))
    process.join(LIMIT)
