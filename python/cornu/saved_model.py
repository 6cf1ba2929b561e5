"""SavedModels: the functions that a folder of TensorFlow's offers, by name.

Example:
    import cornu as tf
    model = tf.saved_model.load("saved_model")
    answers = model.signatures["serving_default"](x=values)
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from cornu import _cornu
from cornu._arrays import read_only, to_input
from cornu.keras._variable import Variable

__all__ = ["Endpoint", "LoadedModel", "Signature", "load"]


MOST_ITERATIONS = 1 << 31
MOST_DEPTH = 64


class Signature:
    """One function of a SavedModel: arrays in by name, a dictionary of arrays out."""

    def __init__(self, model: Any) -> None:
        self._model = model

    @property
    def structured_input_signature(self) -> dict[str, tuple[str, tuple[int | None, ...]]]:
        """Name -> type and shape of each argument."""
        return {name: (dtype, tuple(shape)) for name, dtype, shape in self._model.inputs}

    @property
    def structured_outputs(self) -> dict[str, tuple[str, tuple[int | None, ...]]]:
        """Name -> type and shape of each result."""
        return {name: (dtype, tuple(shape)) for name, dtype, shape in self._model.outputs}

    def __call__(self, *args: Any, **inputs: Any) -> dict[str, np.ndarray]:
        """Runs the function.

        Args:
            args: the only argument, if there is one
            inputs: every argument by name

        Raises:
            TypeError: an argument is missing, or one too many
        """
        names = [name for name, _, _ in self._model.inputs]
        if len(args) == 1 and len(names) == 1 and not inputs:
            inputs = {names[0]: args[0]}
        elif args or sorted(inputs) != sorted(names):
            raise TypeError(f"the function takes {names} by name, received {len(args)} without a name and {sorted(inputs)}")
        arrays = []
        for name, dtype, _ in self._model.inputs:
            value = inputs[name] if dtype in ("string", "bfloat16") else np.asarray(inputs[name]).astype(dtype, copy=False)
            arrays.append(to_input(value, name, dtype))
        answers = self._model.predict(arrays, 1)
        return {name: answer for (name, _, _), answer in zip(self._model.outputs, answers, strict=True)}


class Signatures(Mapping[str, Signature]):
    """The functions of a SavedModel by name. A function is made ready when it is asked for."""

    def __init__(self, first: Any, first_name: str, names: Sequence[str]) -> None:
        self._first = first
        self._made = {first_name: Signature(first)}
        self._names = list(names)

    def __getitem__(self, name: str) -> Signature:
        if name not in self._names:
            raise KeyError(f"there is no signature {name!r}; there are {self._names}")
        if name not in self._made:
            self._made[name] = Signature(_cornu.other_signature(self._first, name))
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class Endpoint:
    """A function of the saved object that is a signature as well: called with arrays, gives what the function gives."""

    def __init__(self, signature: Signature) -> None:
        self._signature = signature

    def __call__(self, *args: Any, **inputs: Any) -> Any:
        """Runs the function: its only argument, or a dictionary of arguments, or arguments by name.

        Returns: the answer, or a dictionary of several.
        """
        if len(args) == 1 and isinstance(args[0], Mapping):
            inputs = {**args[0], **inputs}
            args = ()
        answers = self._signature(*args, **inputs)
        return next(iter(answers.values())) if len(answers) == 1 else answers


class LoadedModel:
    """A SavedModel: `signatures` holds its functions; those of the saved object are attributes: `model.serve(x)`."""

    def __init__(self, path: str, tags: Sequence[str], limits: tuple[int, float, int]) -> None:
        model = _cornu.load_signature(path, "*", list(tags), 0, limits)
        self.signatures = Signatures(model, _cornu.signature_name(model), _cornu.signature_names(model))
        self._model = model

    @property
    def variables(self) -> list[Variable]:
        """The variables, with the values that they have in the file."""
        return [_variable(*fields) for fields in _cornu.saved_variables(self._model)]

    @property
    def trainable_variables(self) -> list[Variable]:
        """Those that training would change."""
        return [variable for variable in self.variables if variable.trainable]

    def __getattr__(self, name: str) -> Endpoint:
        if name.startswith("_") or name not in self.signatures:
            raise AttributeError(f"the saved model has no function {name!r}; its signatures are {list(self.signatures)}")
        return Endpoint(self.signatures[name])


def _variable(name: str, dtype: str, trainable: bool, buffer: _cornu.Buffer) -> Variable:
    array = read_only(buffer)
    return Variable(name.rsplit("/", 1)[-1], array.shape, dtype, trainable, name, lambda: array)


def load(
    export_dir: str | os.PathLike[str],
    tags: str | Sequence[str] | None = None,
    *,
    max_iterations: int = MOST_ITERATIONS,
    max_seconds: float = 0,
    max_depth: int = MOST_DEPTH,
) -> LoadedModel:
    """Loads a SavedModel folder, as tf.saved_model.load does; what can be called are its signatures.

    Args:
        export_dir: the folder
        tags: of the graph to take; None: "serve", or the only one
        max_iterations: a loop that takes more of them raises NotImplementedError
        max_seconds: a run of a graph with loops that takes longer raises NotImplementedError; 0: any
        max_depth: of bodies of loops and branches within each other

    Raises:
        ValueError, FileNotFoundError, NotImplementedError, ...: what was wrong with the folder, see cornu.errors
    """
    wanted = [tags] if isinstance(tags, str) else list(tags or [])
    return LoadedModel(os.fspath(export_dir), wanted, (max_iterations, max_seconds, max_depth))
