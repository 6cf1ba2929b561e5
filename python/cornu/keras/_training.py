"""The native trainer of a model: its variables are the model's weights, and the optimizer's state."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np

from cornu import _cornu
from cornu.errors import BadArgumentError, UnsupportedError
from cornu.keras import _serialize, losses
from cornu.keras._building import Cell


class Training:
    """A model, losses and an optimizer as the native module trains them.

    The trainer changes its own copies of the weights. `publish` makes the model's cells read them when somebody looks;
    what the caller assigns to weights in the meantime goes to the trainer before the next step.
    """

    def __init__(self, model: Any, compiled: Any, optimizer: Any) -> None:
        from cornu.keras._model import _threads

        self.seen: Any = None  # what the model was like when it was last asked for
        self.cells: list[Cell] = model._all_cells()
        self.optimizer = optimizer
        config = json.dumps(_with_trainables(model))
        spec: dict[str, Any] = {
            "losses": [_serialized_loss(loss) for loss in compiled.losses],
            "loss_weights": compiled.loss_weights,
        }
        if optimizer is not None:
            spec["optimizer"] = optimizer._native_config()
        self.key = (config, json.dumps(spec))
        weights = [cell.value for cell in self.cells]
        self.native = _cornu.Trainer(config, list(weights), self.key[1], _threads(), model._custom)
        variables = self.native.variables()
        count = len(self.cells)
        self._arrays = [np.asarray(item[4]) if item[3] else None for item in variables[:count]]
        self._held: list[Any] = list(weights)
        self._seen = Cell.changes
        self.paths = [item[0] for item in variables[:count]]
        self.state = [(name, weight, np.asarray(buffer)) for name, weight, _, _, buffer in variables[count:]]
        if optimizer is not None:
            optimizer._bind(self)

    def is_for(self, model: Any, compiled: Any, optimizer: Any) -> bool:
        """Whether it trains just that."""
        if self.optimizer is not optimizer or any(a is not b for a, b in zip(self.cells, model._all_cells(), strict=False)):
            return False
        spec = {"losses": [_serialized_loss(loss) for loss in compiled.losses], "loss_weights": compiled.loss_weights}
        if optimizer is not None:
            spec["optimizer"] = optimizer._native_config()
        return self.key == (json.dumps(_with_trainables(model)), json.dumps(spec))

    def publish(self) -> None:
        """After steps: the model's weights are the trainer's."""
        for i, cell in enumerate(self.cells):
            if self._arrays[i] is not None:
                cell._value, cell._make = None, self._reader(i)
        Cell.changes += 1
        self._seen = Cell.changes

    def _reader(self, i: int) -> Any:
        def read() -> np.ndarray:
            array = self._arrays[i].copy()
            array.flags.writeable = False
            self._held[i] = array
            return array

        return read

    def take_changes(self) -> None:
        """Before a step: takes what the caller has assigned to weights."""
        if self._seen == Cell.changes:
            return
        self._seen = Cell.changes
        for i, cell in enumerate(self.cells):
            if cell._value is not None and cell._value is not self._held[i]:
                if self._arrays[i] is not None:
                    self._arrays[i][...] = cell._value
                self._held[i] = cell._value


def _serialized_loss(loss: Any) -> Any:
    """A loss as the native module knows it."""
    if loss is None:
        return None
    if isinstance(loss, losses.Loss) and type(loss).__name__ in losses._CLASSES:
        return {"class_name": type(loss).__name__, "config": loss.get_config()}
    name = getattr(loss, "__name__", "")
    if losses._FUNCTIONS.get(name) is loss:
        return {"class_name": losses._SPELLED.get(name, _serialize.camel_case(name)), "config": {}}
    raise UnsupportedError(f"cannot train with the loss {loss!r}: only those of keras.losses have gradients", "compile")


def _with_trainables(model: Any) -> dict[str, Any]:
    """The model's config with what its layers say of `trainable` now."""
    from cornu.keras._model import _tree_jsons

    root = model._versioned()
    root = json.loads(json.dumps(root))
    jsons = _tree_jsons(model._infos, root)
    for i, info in enumerate(model._infos):
        trainable = model._trainables.get(i)
        if model._made_of is not None and info.depth == 0 and info.name in model._made_of:
            layer = model._made_of[info.name]
            trainable = layer.trainable
        if trainable is not None and isinstance(jsons[i].get("config"), dict):
            jsons[i]["config"]["trainable"] = bool(trainable)
    if model._trainables.get(-1) is False and isinstance(root.get("config"), dict):
        root["config"]["trainable"] = False
    return root


def check_optimizer(optimizer: Any) -> None:
    """Raises BadArgumentError without an optimizer."""
    if optimizer is None:
        raise BadArgumentError("call compile(optimizer=..., loss=...) first", "fit")


def compile_config(optimizer: Any, arguments: tuple[Any, Any, Any, Any], kind: str) -> dict[str, Any]:
    """What compile() was told, as Keras writes it: compile_config of .keras files, training_config of .h5."""
    by_name = kind != "h5"
    loss, loss_weights, plain, weighted = arguments
    loss = _told(loss, (lambda item: item) if by_name else _loss_json)
    plain, weighted = (_told(items, (lambda item: item) if by_name else _metric_json) for items in (plain, weighted))
    told = {"loss": loss, "loss_weights": loss_weights, "metrics": plain, "weighted_metrics": weighted}
    more = {"run_eagerly": False, "steps_per_execution": 1, "jit_compile": False}
    serialized = None if optimizer is None else {**_serialize.serialize(optimizer)}
    if kind == "h5":
        short = None if serialized is None else {"class_name": serialized["class_name"], "config": serialized["config"]}
        return {**told, **more, "optimizer_config": short}
    return {"optimizer": serialized, **told, **more}


def _told(item: Any, named: Callable[[str], Any]) -> Any:
    """An argument of compile() as JSON; `named` tells what stands for a name."""
    if isinstance(item, dict):
        return item if "class_name" in item else {key: _told(value, named) for key, value in item.items()}
    if isinstance(item, (list, tuple)):
        return [_told(value, named) for value in item]
    if isinstance(item, _serialize.Configured):
        return _serialize.serialize(item)
    name = getattr(item, "__name__", item) if callable(item) else item
    return named(name) if isinstance(name, str) else name


def _loss_json(name: str) -> Any:
    """The class of a loss: Keras 3 does not find short names in .h5 files."""
    return {"module": "keras.losses", "registered_name": None, **_serialized_loss(losses.get(name))}


def _metric_json(name: str) -> Any:
    """The same of a metric; some names are chosen by the shapes of the data."""
    from cornu.keras import metrics

    if name in ("accuracy", "acc", "crossentropy", "ce"):
        return name
    serialized = _serialize.serialize(metrics.get(name))
    return serialized if serialized is None else {**serialized, "config": {**serialized["config"], "name": name}}


def from_training_config(text: str) -> dict[str, Any]:
    """compile_config of the training_config of an .h5 file; empty without one."""
    if not text:
        return {}
    config = json.loads(text)
    return {**config, "optimizer": config.get("optimizer_config")}
