"""cornu.Pool: answers, futures, deadlines, cancellation, workers that die, and what is left behind."""

from __future__ import annotations

import asyncio
import concurrent.futures
import multiprocessing
import os
import pickle
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import cornu
import numpy as np
import pytest
from cornu import errors, keras

ROOT = Path(__file__).resolve().parents[2]
DIGITS = ROOT / "examples" / "digits" / "digits.keras"
LIMIT = 120  # seconds; what takes longer hangs


def images(count: int) -> np.ndarray:
    return np.linspace(0, 16, count * 64, dtype=np.float32).reshape(count, 8, 8, 1)


def eventually(condition: Callable[[], bool]) -> bool:
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.01)
    return False


def is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.fixture(scope="module")
def model() -> keras.Model:
    return keras.models.load_model(DIGITS)


@pytest.fixture(scope="module")
def pool(model: keras.Model) -> Iterator[cornu.Pool]:
    with cornu.Pool(model, workers=2, threads_per_worker=1) as shared:
        yield shared


@pytest.fixture
def stopped(model: keras.Model) -> Iterator[tuple[cornu.Pool, int]]:
    """A pool whose only worker is halted, so that what it is asked stays unanswered."""
    with cornu.Pool(model, workers=1) as own:
        worker = own.workers[0]
        os.kill(worker, signal.SIGSTOP)
        yield own, worker
        if is_alive(worker):
            os.kill(worker, signal.SIGCONT)


def test_predict_gives_what_the_model_gives(pool: cornu.Pool, model: keras.Model) -> None:
    x = images(50)
    np.testing.assert_allclose(pool.predict(x), model.predict(x, verbose=0), atol=1e-6)
    for size in (1, 7, 50):
        np.testing.assert_array_equal(pool.predict(x, batch_size=size), model.predict(x, batch_size=size, verbose=0))
    np.testing.assert_array_equal(pool.predict({"image": x[:3]}, batch_size=3), model.predict(x[:3], verbose=0))
    assert pool.predict(x[:0]).shape == (0, 10)


def test_a_path_will_do_for_a_model(model: keras.Model) -> None:
    with cornu.Pool(DIGITS, workers=1) as own:
        np.testing.assert_array_equal(own.predict(images(2)), model.predict(images(2), verbose=0))


def test_map_keeps_the_order_and_unordered_gives_all(pool: cornu.Pool, model: keras.Model) -> None:
    xs = [images(n) for n in range(1, 60)]
    expected = [model.predict(x, verbose=0) for x in xs]
    for answers, wanted in zip(pool.map(xs), expected, strict=True):
        np.testing.assert_array_equal(answers, wanted)
    by_rows = {len(answers): answers for answers in pool.imap_unordered(xs)}
    for wanted in expected:
        np.testing.assert_array_equal(by_rows[len(wanted)], wanted)
    assert pool.map([]) == []


def test_an_imap_takes_a_bounded_number_ahead_and_may_be_dropped(
    model: keras.Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules[cornu.Pool.__module__], "_MOST_AHEAD", 4)
    left = iter(range(100))
    with cornu.Pool(model, workers=1, max_pending=3) as own:
        answers = own.imap(images(1) for _ in left)
        np.testing.assert_array_equal(next(answers), model.predict(images(1), verbose=0))
        assert next(left) <= 5  # four on their way, and one that waits for a place
        del answers
        assert own.predict(images(1)).shape == (1, 10)


def test_submit_gives_a_future_of_the_library(pool: cornu.Pool, model: keras.Model) -> None:
    futures = {pool.submit(images(n)): n for n in range(1, 20)}
    for future in concurrent.futures.as_completed(futures, LIMIT):
        np.testing.assert_array_equal(future.result(), model.predict(images(futures[future]), verbose=0))
        assert not future.cancel()


def test_a_future_can_be_awaited(pool: cornu.Pool, model: keras.Model) -> None:
    async def both() -> list[np.ndarray]:
        return await asyncio.gather(*(asyncio.wrap_future(pool.submit(images(n))) for n in (1, 2)))

    one, two = asyncio.run(both())
    np.testing.assert_array_equal(one, model.predict(images(1), verbose=0))
    np.testing.assert_array_equal(two, model.predict(images(2), verbose=0))


def test_threads_share_a_pool(pool: cornu.Pool, model: keras.Model) -> None:
    expected = model.predict(images(3), verbose=0)
    wrong = []

    def use() -> None:
        for _ in range(30):
            if not np.array_equal(pool.predict(images(3), batch_size=3), expected):
                wrong.append(threading.get_ident())

    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LIMIT)
    assert not wrong


def test_errors_name_what_was_wrong(pool: cornu.Pool) -> None:
    with pytest.raises(errors.BadShapeError, match=r"\(None, 8, 8, 1\)"):
        pool.predict(np.zeros((2, 7, 8, 1), np.float32))
    with pytest.raises(errors.BadShapeError):
        pool.submit(np.zeros((2, 7, 8, 1), np.float32)).result(LIMIT)
    with pytest.raises(errors.BadArgumentError, match="batch_size"):
        pool.predict(images(1), batch_size=0)
    with pytest.raises(TypeError, match="pass the model"):
        pickle.dumps(pool)


@pytest.mark.parametrize(
    ("wrong", "error", "text"),
    [
        ({"workers": 0}, errors.BadArgumentError, "1 to 4096 workers, received 0"),
        ({"workers": -1}, errors.BadArgumentError, "received -1"),
        ({"workers": 5000}, errors.BadArgumentError, "received 5000"),
        ({"workers": 1, "threads_per_worker": 0}, errors.BadArgumentError, "threads_per_worker"),
        ({"workers": 1, "threads_per_worker": 2000}, errors.BadArgumentError, "threads"),
        ({"workers": 1, "max_pending": 0}, errors.BadArgumentError, "max_pending"),
    ],
)
def test_wrong_arguments_are_named(model: keras.Model, wrong: dict[str, int], error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        cornu.Pool(model, **wrong)


def test_threads_are_the_cores_over_the_workers(model: keras.Model) -> None:
    cores = len(os.sched_getaffinity(0))
    with cornu.Pool(model, workers=1) as own:
        assert 1 <= own.threads_per_worker <= cores
    with cornu.Pool(model, workers=cores + 1) as own:
        assert own.threads_per_worker == 1
    one = next(iter(os.sched_getaffinity(0)))
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {one})
    try:
        with cornu.Pool(model) as own:
            assert (len(own.workers), own.threads_per_worker) == (1, 1)
            assert os.sched_getaffinity(own.workers[0]) == {one}
    finally:
        os.sched_setaffinity(0, before)


def test_a_timeout_is_a_timeout_error(stopped: tuple[cornu.Pool, int]) -> None:
    own, _ = stopped
    with pytest.raises(TimeoutError) as raised:
        own.predict(images(1), timeout=0.02)
    assert raised.value.code == "timed_out"
    assert isinstance(own.submit(images(1), timeout=0.02).exception(LIMIT), TimeoutError)


def test_a_future_that_no_worker_has_begun_is_cancelled(stopped: tuple[cornu.Pool, int]) -> None:
    own, worker = stopped
    future, other = own.submit(images(1)), own.submit(images(2))
    assert future.cancel()
    assert future.cancelled()
    with pytest.raises(concurrent.futures.CancelledError):
        future.result()
    os.kill(worker, signal.SIGCONT)
    assert other.result(LIMIT).shape == (2, 10)


def test_a_killed_worker_is_replaced_and_its_work_runs_again(stopped: tuple[cornu.Pool, int], model: keras.Model) -> None:
    own, worker = stopped
    future = own.submit(images(4))
    os.kill(worker, signal.SIGKILL)
    np.testing.assert_array_equal(future.result(LIMIT), model.predict(images(4), verbose=0))
    assert eventually(lambda: own.workers != [worker])
    assert not Path(f"/proc/{worker}").exists()


def test_random_kills_lose_nothing(model: keras.Model) -> None:
    kills = int(os.environ.get("CORNU_KILLS", "40"))
    seed = random.randrange(2**32)
    print("seed", seed)
    rng = random.Random(seed)
    expected = model.predict(images(2), verbose=0)
    answered = reported = killed = 0
    while killed < kills:
        with cornu.Pool(model, workers=2, threads_per_worker=1) as own:
            stop = threading.Event()

            def kill(own: cornu.Pool = own, stop: threading.Event = stop) -> None:
                for _ in range(20):
                    time.sleep(rng.random() * 0.01)
                    workers = own.workers
                    if workers:
                        os.kill(rng.choice(workers), signal.SIGKILL)
                stop.set()

            killer = threading.Thread(target=kill)
            killer.start()
            while not stop.is_set():
                try:
                    futures = [own.submit(images(2)) for _ in range(20)]
                except errors.WorkerDiedError:  # none lived long enough to load the model: the pool says so, and is at its end
                    reported += 1
                    break
                for future in futures:
                    try:
                        np.testing.assert_array_equal(future.result(LIMIT), expected)
                        answered += 1
                    except errors.WorkerDiedError:
                        reported += 1
            killer.join()
            killed += 20
    print("answered", answered, "reported", reported)
    with cornu.Pool(model, workers=2, threads_per_worker=1) as own:
        np.testing.assert_array_equal(own.predict(images(2)), expected)


def test_nothing_is_left_when_a_pool_is_closed_forgotten_or_failed(model: keras.Model) -> None:
    def descriptors() -> int:
        return len(os.listdir("/proc/self/fd"))

    before, shared = descriptors(), set(os.listdir("/dev/shm"))
    own = cornu.Pool(model, workers=2)
    workers = own.workers
    future = own.submit(images(1))
    own.close()
    own.close()
    assert future.result(0).shape == (1, 10)
    with pytest.raises(errors.BadArgumentError, match="closed"):
        own.predict(images(1))
    forgotten = cornu.Pool(model, workers=1)
    workers += forgotten.workers
    del forgotten
    with pytest.raises(ZeroDivisionError), cornu.Pool(model, workers=1) as failing:
        workers += failing.workers
        raise ZeroDivisionError
    assert not [worker for worker in workers if Path(f"/proc/{worker}").exists()]
    del own, failing, future
    assert descriptors() == before
    assert set(os.listdir("/dev/shm")) <= shared


def test_memory_stays_flat_over_many_predictions() -> None:
    """bench/soak.py with --predictions 1000000 is the long one; it is part of ./test --thorough."""
    command = [sys.executable, str(ROOT / "bench" / "soak.py"), str(DIGITS.with_suffix(".npz")), "--predictions", "20000"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


SCRIPT = """
import sys, cornu, numpy
pool = cornu.Pool(sys.argv[1], workers=2)
pool.submit(numpy.ones((1, 8, 8, 1)))
print(*pool.workers, flush=True)
if sys.argv[2] == "wait":
    sys.stdin.read()
"""


@pytest.mark.parametrize("end", ["leave", "wait"])
def test_workers_end_with_a_program_that_leaves_or_is_killed(end: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(DIGITS), end], stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True
    ) as program:
        assert program.stdout is not None
        workers = [int(word) for word in program.stdout.readline().split()]
        assert len(workers) == 2
        if end == "wait":
            program.kill()
        program.wait(LIMIT)
        assert end == "wait" or program.returncode == 0
    assert eventually(lambda: not any(is_alive(worker) for worker in workers))


def test_ctrl_c_ends_a_wait(stopped: tuple[cornu.Pool, int]) -> None:
    own, worker = stopped
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
    try:
        future = own.submit(images(1))
        with pytest.raises(KeyboardInterrupt):
            threading.Timer(0.05, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
            own.predict(images(1), timeout=LIMIT)
    finally:
        signal.signal(signal.SIGINT, before)
    os.kill(worker, signal.SIGCONT)
    assert future.result(LIMIT).shape == (1, 10)


def use_in_child(connection: Connection, pool: cornu.Pool, model: keras.Model) -> None:
    try:
        pool.predict(images(1))
    except errors.BadArgumentError as error:
        connection.send(str(error))
    with cornu.Pool(model, workers=1) as own:
        connection.send(own.predict(images(2)))


def test_a_forked_child_makes_a_pool_of_its_own(pool: cornu.Pool, model: keras.Model) -> None:
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe()
    child = context.Process(target=use_in_child, args=(there, pool, model))
    child.start()
    assert here.poll(LIMIT)
    assert "needs a pool of its own" in here.recv()
    assert here.poll(LIMIT)
    np.testing.assert_array_equal(here.recv(), model.predict(images(2), verbose=0))
    child.join(LIMIT)
    assert child.exitcode == 0
    np.testing.assert_array_equal(pool.predict(images(2), batch_size=2), model.predict(images(2), verbose=0))
