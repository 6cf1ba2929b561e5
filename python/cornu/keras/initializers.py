"""keras.initializers: the first values of weights, drawn with NumPy."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from cornu.errors import BadArgumentError
from cornu.keras import _serialize

_generators = [np.random.default_rng()]  # one, which all initializers without a seed share


def seed_all(seed: int) -> None:
    """Makes what initializers without a seed draw from now on repeatable; keras.utils.set_random_seed calls it."""
    _generators[0] = np.random.default_rng(seed)


class Initializer(_serialize.Configured):
    """The base class: calling an initializer gives an array.

    With an integer `seed` every call gives the same array, as in Keras; without, the next one.
    """

    _module = "initializers"
    _arguments: dict[str, Any] = {}

    def __call__(self, shape: Any, dtype: Any = None, **kwargs: Any) -> np.ndarray:
        """An array of a shape.

        Args:
            shape: sizes of the axes.
            dtype: default float32.
            kwargs: accepted as in Keras.
        """
        del kwargs
        return np.asarray(self._draw(tuple(shape)), dtype or "float32")

    def _draw(self, shape: tuple[int, ...]) -> Any:
        raise NotImplementedError

    def _random(self) -> np.random.Generator:
        seed = self._config.get("seed")
        return _generators[0] if seed is None else np.random.default_rng(int(seed))


class Zeros(Initializer):
    """All zero."""

    def _draw(self, shape: tuple[int, ...]) -> Any:
        return np.zeros(shape)


class Ones(Initializer):
    """All one."""

    def _draw(self, shape: tuple[int, ...]) -> Any:
        return np.ones(shape)


class Constant(Initializer):
    """All `value`."""

    def _draw(self, shape: tuple[int, ...]) -> Any:
        return np.broadcast_to(self.value, shape)


class RandomNormal(Initializer):
    """Normal with `mean` and `stddev`."""

    def _draw(self, shape: tuple[int, ...]) -> Any:
        return self.mean + self.stddev * _normal(self._random(), shape)


class RandomUniform(Initializer):
    """Uniform in [minval, maxval)."""

    def _draw(self, shape: tuple[int, ...]) -> Any:
        return _uniform(self._random(), self.minval, self.maxval, shape)


class TruncatedNormal(Initializer):
    """Normal, drawn again where it is more than two deviations from the mean."""

    def _draw(self, shape: tuple[int, ...]) -> Any:
        return self.mean + self.stddev * _truncated(self._random(), shape)


class VarianceScaling(Initializer):
    """Of variance scale / n; n counts the inputs, outputs or their average (`mode`).

    Source: keras/src/initializers/random_initializers.py, 3.15: a truncated normal's deviation is divided by
    0.87962566103423978, that of a normal cut at two deviations.
    """

    def _draw(self, shape: tuple[int, ...]) -> Any:
        fan_in, fan_out = _fans(shape)
        fans = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}
        scale = self._scale() / max(1.0, fans[self._mode()])
        kind = self._distribution()
        if kind == "uniform":
            limit = math.sqrt(3 * scale)
            return _uniform(self._random(), -limit, limit, shape)
        if kind == "untruncated_normal":
            return math.sqrt(scale) * _normal(self._random(), shape)
        return math.sqrt(scale) / 0.87962566103423978 * _truncated(self._random(), shape)

    def _scale(self) -> float:
        if self.scale <= 0:
            raise BadArgumentError(f"scale must be positive, received {self.scale}", "VarianceScaling")
        return float(self.scale)

    def _mode(self) -> str:
        if self.mode not in ("fan_in", "fan_out", "fan_avg"):
            raise BadArgumentError(f"mode is fan_in, fan_out or fan_avg, received {self.mode!r}", "VarianceScaling")
        return str(self.mode)

    def _distribution(self) -> str:
        if self.distribution not in ("uniform", "truncated_normal", "untruncated_normal"):
            raise BadArgumentError(
                f"distribution is uniform, truncated_normal or untruncated_normal, received {self.distribution!r}",
                "VarianceScaling",
            )
        return str(self.distribution)


class Orthogonal(Initializer):
    """Columns, or rows if there are fewer, that are orthogonal and of length `gain`; all axes but the last are rows."""

    def _draw(self, shape: tuple[int, ...]) -> Any:
        if len(shape) < 2:
            raise BadArgumentError(f"the weight needs at least 2 axes, received shape {shape}", "Orthogonal")
        rows, columns = math.prod(shape[:-1]), shape[-1]
        q, r = np.linalg.qr(self._random().normal(0, 1, (max(rows, columns), min(rows, columns))))
        q *= np.sign(np.diagonal(r))
        return self.gain * (q.T if rows < columns else q).reshape(shape)


class Identity(Initializer):
    """The identity matrix times `gain`."""

    def _draw(self, shape: tuple[int, ...]) -> Any:
        if len(shape) != 2:
            raise BadArgumentError(f"the weight needs 2 axes, received shape {shape}", "Identity")
        return self.gain * np.eye(*shape)


def _scaled(name: str, scale: float, mode: str, distribution: str) -> type[Initializer]:
    fixed = {
        "_scale": lambda _: scale,
        "_mode": lambda _: mode,
        "_distribution": lambda _: distribution,
        "__doc__": f"VarianceScaling with scale {scale:g}, mode {mode}, distribution {distribution}.",
        "__module__": __name__,
    }
    return type(name, (VarianceScaling,), fixed)


GlorotUniform = _scaled("GlorotUniform", 1, "fan_avg", "uniform")
GlorotNormal = _scaled("GlorotNormal", 1, "fan_avg", "truncated_normal")
HeUniform = _scaled("HeUniform", 2, "fan_in", "uniform")
HeNormal = _scaled("HeNormal", 2, "fan_in", "truncated_normal")
LecunUniform = _scaled("LecunUniform", 1, "fan_in", "uniform")
LecunNormal = _scaled("LecunNormal", 1, "fan_in", "truncated_normal")


def _uniform(random: np.random.Generator, low: float, high: float, shape: tuple[int, ...]) -> np.ndarray:
    values = np.asarray(random.random(shape, np.float32))
    values *= high - low
    values += low
    return values


def _normal(random: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    return np.asarray(random.standard_normal(shape, np.float32))


def _truncated(random: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    values = _normal(random, shape).reshape(-1)
    outside = np.flatnonzero(np.abs(values) > 2)
    while outside.size:
        values[outside] = random.standard_normal(outside.size, np.float32)
        outside = outside[np.abs(values[outside]) > 2]
    return values.reshape(shape)


def _fans(shape: tuple[int, ...]) -> tuple[float, float]:
    """Inputs and outputs of a weight: (window..., inputs, outputs)."""
    if len(shape) == 0:
        return 1, 1
    if len(shape) == 1:
        return shape[0], shape[0]
    window = math.prod(shape[:-2])
    return shape[-2] * window, shape[-1] * window


_CLASSES: dict[str, Any] = {
    item.__name__: item
    for item in (Constant, GlorotNormal, GlorotUniform, HeNormal, HeUniform, Identity, LecunNormal, LecunUniform, Ones, Orthogonal,
                 RandomNormal, RandomUniform, TruncatedNormal, VarianceScaling, Zeros)
}  # fmt: skip
for _name, _class in _CLASSES.items():
    _class._arguments = _serialize.arguments_of("initializers", _name)
_ALIASES = {
    "uniform": "RandomUniform",
    "normal": "RandomNormal",
    "one": "Ones",
    "zero": "Zeros",
    "IdentityInitializer": "Identity",
    "OrthogonalInitializer": "Orthogonal",
}


def get(identifier: Any) -> Any:
    """The initializer of an object, name, class, config, or function of (shape, dtype). Raises BadArgumentError."""
    if callable(identifier) and not isinstance(identifier, (type, Initializer)):
        return identifier
    return _serialize.find(identifier, "initializers", _CLASSES, _ALIASES)


def serialize(initializer: Any) -> dict[str, Any] | None:
    """Keras 3's JSON of an initializer."""
    return _serialize.serialize(initializer)


def deserialize(config: Any) -> Any:
    """The initializer of its JSON."""
    return get(config)
