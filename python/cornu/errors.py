"""What Cornu raises: each error is also the built-in exception a caller would expect.

`code` says what the caller can do (a name of include/cornu/error.h), `where` names the file, layer or argument.
"""

from __future__ import annotations


class Error(Exception):
    """The base of all; `str()` is "where: message"."""

    code = "internal"

    def __init__(self, message: str, where: str = "") -> None:
        super().__init__(f"{where}: {message}" if where else message)
        self.message = message
        self.where = where

    def __reduce__(self) -> tuple[type[Error], tuple[str, str]]:
        return type(self), (self.message, self.where)


class NotFoundError(Error, FileNotFoundError):
    """The path or name does not exist."""

    code = "not_found"


class BadFileError(Error, ValueError):
    """The bytes of a file contradict its format."""

    code = "bad_file"


class BadConfigError(Error, ValueError):
    """A model or layer configuration is wrong."""

    code = "bad_config"


class BadShapeError(Error, ValueError):
    """Shapes or types of arrays do not fit."""

    code = "bad_shape"


class UnsupportedError(Error, NotImplementedError):
    """Valid, but Cornu cannot do it; the message names every reason."""

    code = "unsupported"


class IoError(Error, OSError):
    """The operating system refused."""

    code = "io"


class OutOfMemoryError(Error, MemoryError):
    """An allocation of a justified size failed."""

    code = "out_of_memory"


class BadArgumentError(Error, ValueError):
    """A wrong argument of a call."""

    code = "bad_argument"


class InternalError(Error, RuntimeError):
    """A defect of Cornu."""

    code = "internal"


class TimedOutError(Error, TimeoutError):
    """A deadline that the caller set has passed."""

    code = "timed_out"


class WorkerDiedError(Error, ChildProcessError):
    """A worker process ended before it answered."""

    code = "worker_died"


_CLASSES = {cls.code: cls for cls in Error.__subclasses__()}


def make(code: str, message: str, where: str) -> Error:
    """The exception of a code; for the native module."""
    return _CLASSES.get(code, InternalError)(message, where)
