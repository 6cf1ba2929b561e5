"""cornu.Pool: worker processes that predict over one copy of a model's weights."""

from __future__ import annotations

import math
import os
import sys
import threading
import weakref
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, NoReturn

from cornu import _cornu
from cornu.errors import BadArgumentError, UnsupportedError
from cornu.keras._model import DEFAULT_BATCH_SIZE, Model
from cornu.keras.models import load_model

if TYPE_CHECKING:
    from concurrent.futures import Future

    import numpy as np

    Answers = np.ndarray | list[np.ndarray] | dict[str, Any]

Inputs = Any  # what Model.predict() takes


class Pool:
    """Processes that share one model's weights and answer requests at the same time.

    The workers are programs of their own, not forks and not Python: each costs a few MB. Arrays travel through shared memory,
    without pickling. A worker that dies is replaced, and its request runs again; a request that kills its worker three times is
    reported. Nothing is left when the pool ends, however it ends. Any number of threads may use a pool; a forked child
    makes one of its own.

    Args:
        model: a loaded model, or the path of a file.
        workers: processes, 1 to 4096; None: the cores this process may use (affinity and control groups count).
        threads_per_worker: threads of each; None: cores over workers, at least 1.
        max_pending: unanswered requests from which on submit() waits; None: four for each worker.
    Raises: BadArgumentError for a number out of range; OutOfMemoryError if the machine has too little for so many workers;
        what load_model() raises; WorkerDiedError if workers end before they have the model.
    Example:
        with cornu.Pool(model, workers=4) as pool:
            answers = pool.predict(x)
    """

    def __init__(
        self,
        model: Model | str | os.PathLike[str],
        workers: int | None = None,
        threads_per_worker: int | None = None,
        max_pending: int | None = None,
    ) -> None:
        self._model = model if isinstance(model, Model) else load_model(model)
        if self._model._custom is not None:
            raise UnsupportedError("workers run no Python, so they cannot run the model's custom objects", self._model.name)
        count = _cornu.available_cores() if workers is None else workers
        threads = _zero_for_none(threads_per_worker, "threads_per_worker")
        pending = _zero_for_none(max_pending, "max_pending")
        self._native = _cornu.Pool(self._model._native, count, threads, pending, _program())
        self._collector = _Collector(self._native, self._model._packed)
        self._finalizer = weakref.finalize(self, _end, self._native, self._collector, os.getpid())

    @property
    def workers(self) -> list[int]:
        """Process ids of the workers that live."""
        return self._native.workers

    @property
    def threads_per_worker(self) -> int:
        """Threads of each worker."""
        return self._native.threads_per_worker

    def predict(self, x: Inputs, batch_size: int | None = None, timeout: float | None = None) -> Answers:
        """Answers for all rows of `x`, shared among the workers.

        Args:
            x: as Model.predict() takes it.
            batch_size: rows of one piece of work: answers are then the same bits as those of Model.predict() with this
                batch_size. None: the rows over the workers, at most 32.
            timeout: seconds for all of it; None: no limit.
        Returns: an array, or a list of arrays if there are several outputs; rows in the order of `x`.
        Raises: TimedOutError; WorkerDiedError; what Model.predict() raises.
        """
        if batch_size is not None and batch_size < 1:
            raise BadArgumentError(f"expected at least 1, received {batch_size}", "batch_size")
        return self._model._packed(self._native.predict(self._model._arrays(x), batch_size or 0, _seconds(timeout)))

    def submit(self, x: Inputs, batch_size: int | None = None, timeout: float | None = None) -> Future[Answers]:
        """Hands one request to the next free worker and returns its future; waits while `max_pending` are unanswered.

        The future is one of concurrent.futures: it works with wait(), as_completed() and asyncio.wrap_future(). Its cancel()
        succeeds while no worker has begun. After `timeout` seconds it has a TimedOutError.
        """
        size = DEFAULT_BATCH_SIZE if batch_size is None else batch_size
        return self._collector.add(self._native.submit(self._model._arrays(x), size, _seconds(timeout)))

    def map(self, xs: Iterable[Inputs], timeout: float | None = None) -> list[Answers]:
        """The answers to each element of `xs`, in their order. An element is what predict() takes."""
        return list(self.imap(xs, timeout))

    def imap(self, xs: Iterable[Inputs], timeout: float | None = None) -> Iterator[Answers]:
        """Like map(), one answer after the other as they come; takes elements of `xs` only as fast as workers answer."""
        early: dict[int, Answers] = {}
        wanted = 0
        for number, answers in self._answers(xs, timeout, early):
            early[number] = answers
            while wanted in early:
                yield early.pop(wanted)
                wanted += 1

    def imap_unordered(self, xs: Iterable[Inputs], timeout: float | None = None) -> Iterator[Answers]:
        """Like imap(), in the order in which workers answer."""
        for _, answers in self._answers(xs, timeout, ()):
            yield answers

    def _answers(self, xs: Iterable[Inputs], timeout: float | None, held: Any) -> Iterator[tuple[int, Answers]]:
        """Numbers of elements and their answers as they come; takes no element while `held` has many."""
        seconds = _seconds(timeout)
        arrays = (self._model._arrays(x) for x in xs)
        open_replies: deque[tuple[int, _cornu.Reply]] = deque()
        count = 0
        item = next(arrays, None)
        while item is not None or open_replies:
            seen = self._native.events()
            while item is not None and len(held) + len(open_replies) < _MOST_AHEAD:
                reply = self._native.try_submit(item, DEFAULT_BATCH_SIZE, seconds)
                if reply is None:
                    break
                open_replies.append((count, reply))
                count += 1
                item = next(arrays, None)
            waiting = len(open_replies)
            for _ in range(waiting):
                number, reply = open_replies.popleft()
                if reply.ready():
                    yield number, self._model._packed(reply.get())
                else:
                    open_replies.append((number, reply))
            if len(open_replies) == waiting:
                self._native.wait_for_event(seen, _POLL_S)

    def close(self) -> None:
        """Takes no more requests, answers those it has, and ends the workers."""
        self._native.close()
        self._finalizer()

    def terminate(self) -> None:
        """Ends the workers at once; requests that are not answered fail with WorkerDiedError."""
        self._finalizer()

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.close()
        else:
            self.terminate()

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Pool cannot be pickled, its workers belong to this process; pass the model instead")

    def __repr__(self) -> str:
        return f"<cornu.Pool of {len(self.workers)} workers for {self._model.name!r}>"


_POLL_S = 0.1  # between looks for Ctrl-C while nothing happens
_MOST_AHEAD = 4096  # answers that imap() holds because an earlier one is missing


class _Collector:
    """Completes the futures of a pool, in a thread that runs while there are any."""

    def __init__(self, native: _cornu.Pool, packed: Callable[[list[np.ndarray]], Answers]) -> None:
        self._native = native
        self._packed = packed
        self._lock = threading.Lock()
        self._open: list[tuple[_cornu.Reply, Any]] = []
        self._thread: threading.Thread | None = None

    def add(self, reply: _cornu.Reply) -> Future[Answers]:
        future = _future_class()(reply, self._packed)
        with self._lock:
            self._open.append((reply, future))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="cornu-pool", daemon=True)
                self._thread.start()
        return future

    def _run(self) -> None:
        while True:
            seen = self._native.events()
            with self._lock:
                if not self._open:
                    self._thread = None
                    return
                ready, waiting = [], []
                for entry in self._open:
                    (ready if entry[0].ready() else waiting).append(entry)
                self._open = waiting
            for reply, future in ready:
                future.complete(reply)
            if not ready:
                self._native.wait_for_event(seen, _POLL_S)

    def join(self) -> None:
        with self._lock:
            thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join()


_future: type[Future[Answers]] | None = None


def _future_class() -> Any:
    """The class of submit()'s futures; made late, since concurrent.futures takes longer to import than all of Cornu."""
    global _future  # noqa: PLW0603 - made once
    if _future is None:
        from concurrent.futures import Future

        class PoolFuture(Future):
            """A request that no worker has begun can be cancelled; one that runs cannot."""

            def __init__(self, reply: _cornu.Reply, packed: Callable[[list[np.ndarray]], Answers]) -> None:
                super().__init__()
                self._reply = reply
                self._packed = packed
                self._cancel_lock = threading.Lock()

            def cancel(self) -> bool:
                with self._cancel_lock:
                    if self.done():
                        return self.cancelled()
                    if not self._reply.cancel():
                        return False
                    super().cancel()
                    return not self.set_running_or_notify_cancel()

            def complete(self, reply: _cornu.Reply) -> None:
                with self._cancel_lock:
                    if self.cancelled():
                        return
                    try:
                        answers = self._packed(reply.get())
                    except Exception as error:
                        self.set_exception(error)
                    else:
                        self.set_result(answers)

        _future = PoolFuture
    return _future


def _end(native: _cornu.Pool, collector: _Collector, owner: int) -> None:
    """Ends what is left of a pool; in a forked child, nothing is the child's to end."""
    if os.getpid() == owner:
        native.terminate()
        collector.join()


def _program() -> str:
    """The `cornu` program that was installed with this module; empty if it is not where installers put it."""
    import sysconfig
    from pathlib import Path

    package = Path(__file__).parent
    folders = [package.parent / "cornu.scripts", Path(sysconfig.get_path("scripts")), Path(sys.executable).parent]
    found = (folder / "cornu" for folder in folders if (folder / "cornu").is_file())
    return str(next(found, ""))


def _seconds(timeout: float | None) -> float:
    return math.inf if timeout is None else timeout


def _zero_for_none(value: int | None, name: str) -> int:
    if value is not None and value < 1:
        raise BadArgumentError(f"expected 1 or more, received {value}", name)
    return value or 0
