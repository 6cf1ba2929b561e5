"""keras.optimizers.schedules: learning rates that depend on the number of the step, computed in float32 as Keras does.

Source: keras/src/optimizers/schedules/learning_rate_schedule.py, 3.15.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from cornu.errors import BadArgumentError
from cornu.keras import _serialize

F = np.float32


class LearningRateSchedule(_serialize.Configured):
    """The base class: a schedule called with a step gives the learning rate."""

    _module = "optimizers.schedules"
    _arguments: dict[str, Any] = {}

    def __call__(self, step: Any) -> Any:
        """The learning rate of a step."""
        raise NotImplementedError(f"{type(self).__name__} has no __call__()")


class ExponentialDecay(LearningRateSchedule):
    """initial_learning_rate * decay_rate ** (step / decay_steps)."""

    def __call__(self, step: Any) -> Any:
        """The learning rate of a step."""
        part = F(step) / F(self.decay_steps)
        return F(self.initial_learning_rate) * F(self.decay_rate) ** (np.floor(part) if self.staircase else part)


class InverseTimeDecay(LearningRateSchedule):
    """initial_learning_rate / (1 + decay_rate * step / decay_steps)."""

    def __call__(self, step: Any) -> Any:
        """The learning rate of a step."""
        part = F(step) / F(self.decay_steps)
        return F(self.initial_learning_rate) / (F(1) + F(self.decay_rate) * (np.floor(part) if self.staircase else part))


class PolynomialDecay(LearningRateSchedule):
    """From the initial to the end learning rate along a power of the time left."""

    def __call__(self, step: Any) -> Any:
        """The learning rate of a step."""
        now, whole = F(step), F(self.decay_steps)
        if self.cycle:
            whole = whole * (F(1) if now == 0 else np.ceil(now / whole))
        else:
            now = min(now, whole)
        span = F(self.initial_learning_rate) - F(self.end_learning_rate)
        return span * (F(1) - now / whole) ** F(self.power) + F(self.end_learning_rate)


class PiecewiseConstantDecay(LearningRateSchedule):
    """values[i] up to and with the step boundaries[i], then the next."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(self.boundaries) != len(self.values) - 1:
            raise BadArgumentError(
                f"{len(self.boundaries)} boundaries need {len(self.boundaries) + 1} values, received {len(self.values)}",
                "PiecewiseConstantDecay",
            )

    def __call__(self, step: Any) -> Any:
        """The learning rate of a step."""
        return F(self.values[int(np.searchsorted(np.asarray(self.boundaries), step, side="left"))])


class CosineDecay(LearningRateSchedule):
    """A warm-up along a line, then half a cosine down to alpha times the rate."""

    def __call__(self, step: Any) -> Any:
        """The learning rate of a step."""
        now, initial = F(step), F(self.initial_learning_rate)
        target = self.warmup_target
        if target is not None and now < F(self.warmup_steps):
            return (F(target) - initial) * now / F(self.warmup_steps) + initial
        if target is not None:
            now, initial = now - F(self.warmup_steps), F(target)
        part = min(now, F(self.decay_steps)) / F(self.decay_steps)
        wave = F(0.5) * (F(1) + np.cos(F(np.pi) * part))
        return initial * ((F(1) - F(self.alpha)) * wave + F(self.alpha))


class CosineDecayRestarts(LearningRateSchedule):
    """Half cosines one after the other, each t_mul times longer and m_mul times lower than the one before."""

    def __call__(self, step: Any) -> Any:
        """The learning rate of a step."""
        done, t, m = F(step) / F(self.first_decay_steps), F(self.t_mul), F(self.m_mul)
        if self.t_mul == 1:
            restarts = np.floor(done)
            done = done - restarts
        else:
            restarts = np.floor(np.log(F(1) - done * (F(1) - t)) / np.log(t))
            done = (done - (F(1) - t**restarts) / (F(1) - t)) / t**restarts
        wave = F(0.5) * m**restarts * (F(1) + np.cos(F(np.pi) * done))
        return F(self.initial_learning_rate) * ((F(1) - F(self.alpha)) * wave + F(self.alpha))


_CLASSES: dict[str, Any] = {
    item.__name__: item
    for item in (CosineDecay, CosineDecayRestarts, ExponentialDecay, InverseTimeDecay, PiecewiseConstantDecay, PolynomialDecay)
}
for _name, _class in _CLASSES.items():
    _class._arguments = _serialize.arguments_of("optimizers_schedules", _name)


def serialize(schedule: Any) -> dict[str, Any] | None:
    """Keras 3's JSON of a schedule."""
    return _serialize.serialize(schedule)


def deserialize(config: Any) -> Any:
    """The schedule of its JSON."""
    return _serialize.find(config, "optimizers.schedules", _CLASSES, {})
