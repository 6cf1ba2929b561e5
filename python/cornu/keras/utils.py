"""keras.utils: the progress bar, and helpers around inputs."""

from __future__ import annotations

import math
import random
import sys
import time
from collections import abc
from typing import TYPE_CHECKING, Any

import numpy as np

from cornu.errors import BadArgumentError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

BOLD, GREEN, GREY, PLAIN = "\x1b[1m", "\x1b[32m", "\x1b[37m", "\x1b[0m"  # Keras's colours, whatever the terminal
BAR = "━"
HOUR, MINUTE = 3600, 60  # seconds


class Progbar:
    """A progress bar on standard output, drawn as Keras draws it.

    Args:
        target: the number of steps; None if it is not known.
        width: characters of the bar.
        verbose: 0 silent, 1 a bar, 2 a line at the end.
        interval: seconds between two drawings, at least.
        unit_name: what is counted.
    """

    def __init__(
        self, target: int | None, width: int = 20, verbose: int = 1, interval: float = 0.05, unit_name: str = "step"
    ) -> None:
        self.target = target
        self.width = width
        self.verbose = verbose
        self.interval = interval
        self.unit_name = unit_name
        self._start = time.time()
        self._first_step = self._start
        self._last_update = 0.0
        self._last_width = 0
        self._seen = 0

    def update(self, current: int, values: abc.Sequence[tuple[str, float]] | None = None, finalize: bool | None = None) -> None:
        """Draws the bar for `current` finished steps; `values`: names and numbers shown behind it."""
        if finalize is None:
            finalize = self.target is not None and current >= self.target
        now = time.time()
        step_s = self._seconds_per_step(current, now)
        self._seen = current
        metrics = "".join(f" - {name}: {_number(value)}" for name, value in values or [])
        if self.verbose == 1 and (finalize or now - self._last_update >= self.interval):
            self._draw(current, now, step_s, metrics, finalize)
            self._last_update = now
        elif self.verbose == 2 and finalize and self.target:
            count = f"{current:{len(str(self.target))}d}/{self.target}"
            _print(f"{count} - {now - self._start:.0f}s - {_duration(step_s)}/{self.unit_name}{metrics}\n")

    def is_due(self) -> bool:
        """Whether update() would draw now."""
        return time.time() - self._last_update >= self.interval

    def add(self, n: int, values: abc.Sequence[tuple[str, float]] | None = None) -> None:
        """Draws the bar for `n` more steps."""
        self.update(self._seen + n, values)

    def _draw(self, current: int, now: float, step_s: float, metrics: str, finalize: bool) -> None:
        if self.target:
            count = f"{current:{len(str(self.target))}d}/{self.target}"
            filled = min(self.width, int(self.width * current / self.target))
            done = f"{GREEN}{BAR * filled}{PLAIN}" if filled else ""
            bar = f"{BOLD}{count}{PLAIN} {done}{GREY}{BAR * (self.width - filled)}{PLAIN}"
            visible = len(count) + 1 + self.width
        else:
            bar = f"{current:7d}/Unknown"
            visible = len(bar)
        remaining = step_s * (self.target - current) if self.target and not finalize else None
        clock = f"{now - self._start:.0f}s" if remaining is None else _clock(remaining)
        speed = f" {_duration(step_s)}/{self.unit_name}{metrics}"
        visible += 1 + len(clock) + len(speed)
        padding = " " * max(0, self._last_width - visible)
        back = "\b" * self._last_width
        _print(f"{back}\r{bar} {BOLD}{clock}{PLAIN}{speed}{padding}" + ("\n" if finalize else ""))
        self._last_width = visible

    def _seconds_per_step(self, current: int, now: float) -> float:
        """Of the steps after the first, which is slower than the others."""
        if current == 0:
            return 0.0
        if current == 1:
            self._first_step = now
        if current > 1 and self._first_step > self._start:
            return (now - self._first_step) / (current - 1)
        return (now - self._start) / current


def _print(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _number(value: float) -> str:
    return f"{value:.4f}" if abs(value) > 1e-3 else f"{value:.4e}"


def _clock(seconds: float) -> str:
    whole = int(seconds)
    if whole > HOUR:
        return f"{whole // HOUR}:{whole % HOUR // MINUTE:02d}:{whole % MINUTE:02d}"
    return f"{whole // MINUTE}:{whole % MINUTE:02d}" if whole > MINUTE else f"{whole}s"


def _duration(seconds: float) -> str:
    if seconds >= 1 or seconds == 0:
        return f"{seconds:.0f}s"
    return f"{seconds * 1e3:.0f}ms" if seconds >= 1e-3 else f"{seconds * 1e6:.0f}us"


def set_random_seed(seed: int) -> None:
    """Seeds Python's, NumPy's and the initializers' random numbers. Raises BadArgumentError unless `seed` is an integer."""
    if not isinstance(seed, int):
        raise BadArgumentError(f"expected an integer, received {seed!r}", "seed")
    from cornu.keras import initializers

    random.seed(seed)
    np.random.seed(seed)
    initializers.seed_all(seed)


def to_categorical(x: ArrayLike, num_classes: int | None = None) -> np.ndarray:
    """One-hot rows, float32, of class numbers.

    Args:
        x: integers in [0, num_classes) of any shape; a last axis of size 1 is dropped.
        num_classes: default: the largest number and one more.
    """
    classes = np.asarray(x, dtype=np.int64)
    shape = classes.shape[:-1] if classes.ndim > 1 and classes.shape[-1] == 1 else classes.shape
    classes = classes.reshape(-1)
    count = num_classes or (int(classes.max()) + 1 if classes.size else 0)
    if classes.size and not 0 <= int(classes.min()) <= int(classes.max()) < count:
        raise BadArgumentError(f"expected classes from 0 to {count - 1}, received {classes.min()} to {classes.max()}", "x")
    categorical = np.zeros((classes.size, count), np.float32)
    categorical[np.arange(classes.size), classes] = 1
    return categorical.reshape(*shape, count)


def normalize(x: ArrayLike, axis: int = -1, order: int = 2) -> np.ndarray:
    """`x` divided by its norm along an axis; where the norm is 0, by 1."""
    array = np.asarray(x)
    norm = np.atleast_1d(np.linalg.norm(array, order, axis))
    norm[norm == 0] = 1
    normalized: np.ndarray = array / np.expand_dims(norm, axis)
    return normalized


def load_img(
    path: Any,
    color_mode: str = "rgb",
    target_size: tuple[int, int] | None = None,
    interpolation: str = "nearest",
    keep_aspect_ratio: bool = False,
) -> Any:
    """An image file as an image of PIL, resized to (height, width) if `target_size` is given. Needs the package Pillow."""
    try:
        from PIL import Image
    except ImportError as error:
        raise ImportError("load_img needs the package Pillow: pip install pillow") from error
    modes = {"rgb": "RGB", "rgba": "RGBA", "grayscale": "L"}
    if color_mode not in modes:
        raise BadArgumentError(f"expected one of {list(modes)}, received {color_mode!r}", "color_mode")
    image: Any = Image.open(path)
    image = image.convert(modes[color_mode])
    if target_size is None or image.size == (target_size[1], target_size[0]):
        return image
    size = (target_size[1], target_size[0])
    methods = {name.lower(): method for name, method in Image.Resampling.__members__.items()}
    if interpolation not in methods:
        raise BadArgumentError(f"expected one of {sorted(methods)}, received {interpolation!r}", "interpolation")
    if keep_aspect_ratio:
        scale = min(image.width / size[0], image.height / size[1])
        crop = (math.floor(size[0] * scale), math.floor(size[1] * scale))
        left, top = (image.width - crop[0]) // 2, (image.height - crop[1]) // 2
        return image.resize(size, methods[interpolation], box=(left, top, left + crop[0], top + crop[1]))
    return image.resize(size, methods[interpolation])


def img_to_array(img: Any, data_format: str | None = None, dtype: str | None = None) -> np.ndarray:
    """The pixels of an image of PIL, (height, width, channels) or with `channels_first` (channels, height, width), float32."""
    pixels = np.asarray(img, dtype=dtype or "float32")
    if pixels.ndim == 2:
        pixels = pixels[:, :, np.newaxis]
    if pixels.ndim != 3:
        raise BadArgumentError(f"expected an image of 2 or 3 axes, received shape {pixels.shape}", "img")
    return pixels.transpose(2, 0, 1) if data_format == "channels_first" else pixels


def array_to_img(x: ArrayLike, data_format: str | None = None, scale: bool = True, dtype: str | None = None) -> Any:
    """An image of PIL of (height, width, channels) numbers; with `scale` stretched to 0..255. Needs the package Pillow."""
    from PIL import Image

    pixels = np.asarray(x, dtype=dtype or "float32")
    if pixels.ndim != 3:
        raise BadArgumentError(f"expected an array of 3 axes, received shape {pixels.shape}", "x")
    if data_format == "channels_first":
        pixels = pixels.transpose(1, 2, 0)
    if scale:
        pixels = pixels - pixels.min()
        pixels = pixels / (pixels.max() or 1) * 255
    pixels = pixels.astype("uint8")
    return Image.fromarray(pixels[:, :, 0] if pixels.shape[2] == 1 else pixels)


class PyDataset:
    """The base of data sets given batch by batch: subclasses define `__len__` and `__getitem__`."""

    def __init__(self, workers: int = 1, use_multiprocessing: bool = False, max_queue_size: int = 10) -> None:
        self.workers = workers
        self.use_multiprocessing = use_multiprocessing
        self.max_queue_size = max_queue_size

    def __len__(self) -> int:
        raise NotImplementedError

    def __getitem__(self, index: int) -> Any:
        raise NotImplementedError


Sequence = PyDataset  # Keras 2's name
