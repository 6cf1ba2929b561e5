"""The native module of Cornu; use cornu.keras instead."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy


version: str = '0.1.0'

class Buffer:
    """Bytes of a model that NumPy can view; read-only."""

    @property
    def dtype(self) -> str:
        """The element type."""

class Model:
    """A compiled model; immutable."""

    def predict(self, inputs: list[object], batch_size: int) -> list[numpy.ndarray]:
        """Answers for contiguous arrays in the order of `inputs`."""

    def call(self, x: object, batch_size: int = 0) -> numpy.ndarray | None:
        """
        The one output for one plain array, all rows at once if `batch_size` is 0; None if predict() has to do it.
        """

    def weight(self, index: int) -> Buffer:
        """The bytes of a weight, where they lie."""

    def states(self) -> list[Buffer]:
        """What stateful layers keep now."""

    def set_state(self, index: int, value: object) -> None:
        """Replaces one state."""

    def reset_state(self, index: int) -> None:
        """Makes one state zero again."""

    @property
    def state_layers(self) -> list[int]:
        """Of each state, the index of its innermost layer."""

    @property
    def handle(self) -> str:
        """What names the model to another process."""

    @property
    def has_weights(self) -> bool:
        """False for a model of a config alone, which cannot predict."""

    @property
    def config(self) -> str:
        """The JSON config as the file has it."""

    @property
    def input_layers(self) -> str:
        """
        JSON of the config: how a functional model's inputs are nested; empty for others.
        """

    @property
    def output_layers(self) -> str:
        """The same of its outputs."""

    @property
    def inputs(self) -> list[tuple[str, str, tuple[int | None, ...]]]:
        """Name, type and shape of each input."""

    @property
    def outputs(self) -> list[tuple[str, str, tuple[int | None, ...]]]:
        """Name, type and shape of each output."""

    @property
    def layers(self) -> list[Any]:
        """The layer tree, depth first: the fields of cornu.keras.layers.Info."""

    @property
    def weights(self) -> list[tuple[str, str, tuple[int, ...], bool]]:
        """Name, type, shape and trainability of each weight."""

    @property
    def name(self) -> str:
        """The name in the config."""

    @property
    def class_name(self) -> str:
        """Functional, Sequential, ..."""

    @property
    def keras_version(self) -> str:
        """Of the Keras that wrote the file, or empty."""

    @property
    def backend(self) -> str:
        """Of the Keras that wrote the file, or empty."""

    @property
    def path(self) -> str:
        """The file, or empty."""

    @property
    def weights_bytes(self) -> int:
        """Bytes of all weights."""

    @property
    def weights_in_place_bytes(self) -> int:
        """Of these, used where they lie in the file."""

def load(path: str, config: str, threads: int, custom: Callable[[str, str, str], object] | None, limits: tuple[int, float, int] | None = None) -> Model:
    """
    Maps a model file; `config` for files that hold weights only, else empty.
    """

def attach(handle: str, custom: Callable[[str, str, str], object] | None) -> Model:
    """The model of a handle."""

def from_config(config: str, weights: list[object], threads: int, custom: Callable[[str, str, str], object] | None) -> Model:
    """
    The model of a JSON config and weights in its order; [] for a model that has none yet.
    """

def layer_names() -> list[str]:
    """Class names of all layers that Cornu knows."""

def load_signature(path: str, signature: str, tags: Sequence[str], threads: int, limits: tuple[int, float, int] | None) -> Model: ...

def other_signature(model: Model, name: str) -> Model: ...

def signature_name(model: Model) -> str: ...

def saved_variables(model: Model) -> list[tuple[str, str, bool, Buffer]]: ...

def signature_names(model: Model) -> list[str]: ...

def available_cores() -> int:
    """Cores that this process may use."""

class Reply:
    def ready(self) -> bool: ...

    def get(self) -> list: ...

    def cancel(self) -> bool: ...

class Pool:
    def __init__(self, model: Model, workers: int, threads_per_worker: int, max_pending: int, program: str) -> None: ...

    def predict(self, inputs: list, batch_size: int, timeout: float) -> list: ...

    def submit(self, inputs: list, batch_size: int, timeout: float) -> Reply: ...

    def try_submit(self, inputs: list, batch_size: int, timeout: float) -> object: ...

    def events(self) -> int: ...

    def wait_for_event(self, seen: int, time: float) -> int: ...

    def close(self) -> None: ...

    def terminate(self) -> None: ...

    @property
    def threads_per_worker(self) -> int: ...

    @property
    def workers(self) -> list[int]: ...

def save(model: Model, config: str, path: str, format: str, compiled: str = '', optimizer: list[tuple[str, object]] = []) -> None:
    """Writes a model to a file."""

def training_state(path: str) -> tuple[str, list[Buffer]]:
    """
    What an .h5 file says of training, and the optimizer's variables of an .h5 or .keras file.
    """

class Trainer:
    """The variables of a model in training, and its steps."""

    def __init__(self, config: str, weights: list[object], compiled: str, threads: int, custom: Callable[[str, str, str], object] | None) -> None: ...

    def train(self, x: list[object], y: list[object], sample_weight: list[object], learning_rate: float, seed: int, predictions: bool) -> tuple[float, list[float], list[numpy.ndarray]]:
        """
        One step: the loss, those of the outputs, and the predictions if asked for.
        """

    def test(self, x: list[object], y: list[object], sample_weight: list[object], predictions: bool) -> tuple[float, list[float], list[numpy.ndarray]]:
        """The same figures of a batch in evaluation."""

    def variables(self) -> list[tuple[str, int, bool, bool, Buffer]]:
        """
        Name, index of the weight it is for, trainable, writable, and bytes of each variable.
        """
