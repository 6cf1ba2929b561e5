"""keras.optimizers: how training changes weights. The rules themselves are in the native module (src/train/optimizers)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from cornu.errors import BadArgumentError
from cornu.keras import _serialize
from cornu.keras._variable import Variable
from cornu.keras.optimizers import schedules
from cornu.keras.optimizers.schedules import LearningRateSchedule


class Optimizer(_serialize.Configured):
    """The base of all optimizers; made with Keras's arguments.

    Attributes:
        learning_rate: a variable, or what a schedule gives for the next step.
        iterations: the number of steps taken.
        variables: iteration, learning rate, then the state that belongs to the weights; complete once a model was trained.
    """

    _module = "optimizers"
    _arguments: dict[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        clips = [key for key in ("clipnorm", "clipvalue", "global_clipnorm") if self._config.get(key) is not None]
        if len(clips) > 1:
            raise BadArgumentError(f"takes one of clipnorm, clipvalue and global_clipnorm, received {clips}", type(self).__name__)
        self.name = self._config.get("name") or type(self).__name__.lower()
        given = self._config.get("learning_rate", 0.0)
        if isinstance(given, Mapping):
            given = schedules.deserialize(given)
        if not isinstance(given, (int, float, np.floating)) and not callable(given):
            raise BadArgumentError(f"expected a number or a schedule, received {given!r}", "learning_rate")
        self._rate: Any = given if callable(given) else np.float32(given)
        self._steps = np.zeros((), np.int64)
        self._excluded: list[str] = []
        self._training: Any = None
        self._restored: list[np.ndarray] | None = None  # state from a file, for the first training

    @property
    def learning_rate(self) -> Any:
        """The learning rate."""
        if callable(self._rate):
            return self._current_rate()
        path = f"{self.name}/learning_rate"
        return Variable("learning_rate", (), "float32", False, path, lambda: np.asarray(self._rate), self._take_rate)

    @learning_rate.setter
    def learning_rate(self, value: Any) -> None:
        """Takes a number, or a schedule."""
        if isinstance(self._rate, LearningRateSchedule) and not callable(value):
            raise TypeError("this optimizer has a learning rate schedule, so its learning rate cannot be set")
        self._rate = value if callable(value) else np.float32(value)

    def _take_rate(self, value: Any) -> None:
        self._rate = np.float32(value)

    @property
    def iterations(self) -> Variable:
        """The number of steps taken."""
        return Variable("iteration", (), "int64", False, f"{self.name}/iteration", lambda: np.array(self._steps), self._set_steps)

    def _set_steps(self, value: Any) -> None:
        self._steps[...] = value

    @property
    def built(self) -> bool:
        """Whether the state exists."""
        return self._training is not None

    def _current_rate(self) -> float:
        """The learning rate of the next step."""
        if isinstance(self._rate, LearningRateSchedule):
            return float(self._rate(np.array(self._steps)))
        return float(self._rate()) if callable(self._rate) else float(self._rate)

    def get_config(self) -> dict[str, Any]:
        """The arguments, by name; the learning rate as it is now."""
        config = dict(self._config)
        config["name"] = self.name
        is_schedule = isinstance(self._rate, LearningRateSchedule)
        config["learning_rate"] = schedules.serialize(self._rate) if is_schedule else float(self._current_rate())
        return config

    def exclude_from_weight_decay(self, var_list: Any = None, var_names: Any = None) -> None:
        """Leaves weights out of weight decay: variables, or parts of names."""
        self._excluded += [item.path for item in var_list or []] + list(var_names or [])

    def _native_config(self) -> dict[str, Any]:
        """The optimizer as the native module takes it; the learning rate comes with each step."""
        config = {key: value for key, value in self._config.items() if key not in ("learning_rate", "name")}
        if self._excluded:
            config["exclude_from_weight_decay"] = self._excluded
        return {"class_name": type(self).__name__, "config": config}

    def _bind(self, training: Any) -> None:
        """Makes a trainer's state the optimizer's; what the optimizer had before goes on in it."""
        before = self._training
        kept = {} if before is None else {(name, _path(before, weight)): array for name, weight, array in before.state}
        restored, self._restored = self._restored, None
        for i, (name, weight, array) in enumerate(training.state):
            old = kept.get((name, _path(training, weight)))
            if restored is not None and i < len(restored) and restored[i].shape == array.shape:
                old = restored[i]
            if old is not None and old.shape == array.shape:
                array[...] = old
        counter = next(array for name, _, array in reversed(training.state) if name == "iteration")
        if before is None and restored is None:
            counter[...] = self._steps
        self._steps = counter
        self._training = training

    def _restore(self, values: list[np.ndarray]) -> None:
        """Takes the variables of a file, which a trainer then goes on with; as Keras does, none if their number is another."""
        has_rate = not callable(self._rate)
        if has_rate and len(values) > 1:
            self._rate = np.float32(values[1])
        self._restored = [value for i, value in enumerate(values) if not (has_rate and i == 1)]
        if values:
            self._steps = np.array(values[0], np.int64)

    @property
    def variables(self) -> list[Variable]:
        """All variables, as Keras orders them."""
        found = [self.iterations] if not self.built else []
        for name, weight, array in [] if self._training is None else self._training.state:
            path = f"{self.name}/{name}" if weight < 0 else f"{self.name}/{_path(self._training, weight).replace('/', '_')}_{name}"
            found.append(_state_variable(path, array))
        if not callable(self._rate):
            found.insert(1, self.learning_rate)
        return found


def _state_variable(path: str, array: np.ndarray) -> Variable:
    def write(value: np.ndarray) -> None:
        array[...] = value

    return Variable(path.rsplit("/", 1)[-1], array.shape, str(array.dtype), False, path, array.copy, write)


def _path(training: Any, weight: int) -> str:
    return "" if weight < 0 else str(training.paths[weight])


class LossScaleOptimizer(Optimizer):
    """Scales the loss, so that gradients of 16-bit floats do not vanish, and leaves out steps whose gradients overflow."""

    def __init__(
        self, inner_optimizer: Any, initial_scale: float = 2.0**15, dynamic_growth_steps: int = 2000, name: Any = None
    ) -> None:
        super().__init__(inner_optimizer=get(inner_optimizer), initial_scale=initial_scale,
                         dynamic_growth_steps=dynamic_growth_steps, name=name)  # fmt: skip
        self._rate = self.inner_optimizer._rate

    def _current_rate(self) -> float:
        return float(self.inner_optimizer._current_rate())

    def _native_config(self) -> dict[str, Any]:
        config = {"initial_scale": self._config["initial_scale"], "dynamic_growth_steps": self._config["dynamic_growth_steps"]}
        return {"class_name": "LossScaleOptimizer", "config": {**config, "inner_optimizer": self.inner_optimizer._native_config()}}

    def _bind(self, training: Any) -> None:
        super()._bind(training)
        self.inner_optimizer._steps = self._steps

    def get_config(self) -> dict[str, Any]:
        """The arguments, by name."""
        return {**self._config, "inner_optimizer": serialize(self.inner_optimizer)}


def _class_of(name: str) -> type[Optimizer]:
    body = {"_arguments": _serialize.arguments_of("optimizers", name), "__module__": __name__, "__doc__": f"Keras's {name}."}
    return type(name, (Optimizer,), body)


_NAMES = ("SGD", "Adam", "AdamW", "Adamax", "Nadam", "RMSprop", "Adagrad", "Adadelta", "Adafactor", "Ftrl", "Lion", "Lamb", "Muon")
_CLASSES: dict[str, Any] = {name: _class_of(name) for name in _NAMES}
LossScaleOptimizer._arguments = {"inner_optimizer": ..., "initial_scale": 2.0**15, "dynamic_growth_steps": 2000, "name": None}
_CLASSES["LossScaleOptimizer"] = LossScaleOptimizer
globals().update(_CLASSES)
_ALIASES = {**{name.lower(): name for name in _CLASSES}, "loss_scale_optimizer": "LossScaleOptimizer"}


def get(identifier: Any) -> Any:
    """The optimizer of an object, name, class or config. Raises BadArgumentError with the nearest name."""
    if isinstance(identifier, str):
        identifier = _ALIASES.get(identifier.lower(), identifier)
    return _serialize.find(identifier, "optimizers", _CLASSES, _ALIASES)


def serialize(optimizer: Any) -> dict[str, Any] | None:
    """Keras 3's JSON of an optimizer."""
    return _serialize.serialize(optimizer)


def deserialize(config: Any, custom_objects: Mapping[str, Callable[..., Any]] | None = None) -> Any:
    """The optimizer of its JSON or name."""
    if custom_objects and isinstance(config, str) and config in custom_objects:
        return get(custom_objects[config])
    return get(config)
