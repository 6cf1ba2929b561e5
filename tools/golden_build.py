"""Turns one case file into one Keras model, its weights, inputs and reference outputs. Used by tools/golden.py only.

Weights are random, not Keras's initial values: zeros and ones would hide a bias or a gamma that is never applied.
The reference is what Keras answers after loading the file again. TensorFlow's CPU kernels lack channels_first
and dilated transposed convolutions; a twin of the layer answers for these, on transposed data or with zeros between
the taps of its kernel.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import time
import unittest.mock
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import h5py
import keras
import ml_dtypes
import numpy as np
from keras.src.saving import serialization_lib

Shape = tuple[int | None, ...]
FIXED_TIME = (2026, 1, 1, 0, 0, 0)  # any constant will do: it keeps the archive's bytes the same from run to run


@dataclass
class Case:
    """One layer (or a function of symbolic tensors) and what goes into it. See `case`."""

    layer: Any
    shapes: list[Shape]
    declared: list[Shape]
    dtypes: list[str]
    why: str
    tol: float | None
    inputs: list[Any] | None
    low: float
    high: float
    numbers: list[int] = field(default_factory=list)  # of its inputs in the model
    symbols: list[Any] = field(default_factory=list)
    outputs: list[Any] = field(default_factory=list)

    def label(self) -> str:
        """Class of the layer, or `function` for a case written with keras.ops."""
        return type(self.layer).__name__ if hasattr(self.layer, "get_config") else "function"


@dataclass
class Reject:
    """A change to the config of case number `of` that must be refused with `code`."""

    change: dict[str, Any]
    code: str
    of: int


def as_list(value: Any) -> list[Any]:
    """`value` itself if it is a list, else a list of it."""
    return list(value) if isinstance(value, list) else [value]


def case(
    layer: Any,
    shapes: Shape | list[Shape],
    *,
    why: str = "",
    tol: float | None = None,
    inputs: Any = None,
    dtype: str | list[str] = "float32",
    low: float = 0,
    high: float = 8,
    declared: Shape | list[Shape] | None = None,
) -> Case:
    """Declares one case.

    Args:
        layer: a Keras layer, or a function from symbolic tensors to a tensor or a list of tensors
        shapes: shape of the data, batch included; a list of shapes for several inputs
        why: what the case is there for, shown when it fails
        tol: tolerance relative to the largest magnitude of the output, in place of the runner's default
        inputs: data in place of random numbers, a list for several inputs; strings are never random
        dtype: type of the input, a list for several inputs
        low, high: range [low, high) of random integers; floats are normally distributed
        declared: shape of keras.Input in place of `shapes` with the first dimension None; None elsewhere: unknown size
    """
    sizes = as_list(shapes)
    dtypes = as_list(dtype)
    return Case(
        layer=layer,
        shapes=sizes,
        declared=as_list(declared) if declared is not None else [(None, *size[1:]) for size in sizes],
        dtypes=dtypes * (len(sizes) if len(dtypes) == 1 else 1),
        why=why,
        tol=tol,
        inputs=None if inputs is None else as_list(inputs),
        low=low,
        high=high,
    )


def reject(change: dict[str, Any], code: str, of: int = 0) -> Reject:
    """Declares that the layer of case number `of`, with `change` written over its config, is refused with `code`."""
    return Reject(change, code, of)


def random_weight(path: str, shape: Shape, rng: np.random.Generator) -> np.ndarray:
    """A random weight: positive if it is a variance, away from zero if a scale, of unit gain if a kernel."""
    name = path.split("/")[-1].split(":")[0]  # Keras 2: "dense/kernel:0"
    if "variance" in name:
        return rng.uniform(0.3, 2.0, shape)
    if name.endswith("_scale") or name == "awq_scales":
        return rng.uniform(0.5, 2.0, shape)  # of a quantised kernel
    if name in ("gamma", "scale"):
        return rng.uniform(0.5, 1.5, shape) * rng.choice([-1.0, 1.0], shape)
    fan_in = int(np.prod(shape[:-1])) if len(shape) > 1 else 4
    return rng.normal(0.0, 1.0 / np.sqrt(max(fan_in, 1)), shape)


def randomise(variables: Sequence[Any], rng: np.random.Generator) -> None:
    """Gives every floating-point variable and every quantised kernel a random value.

    Counters, seeds and the groups of rows that share a scale stay as they are.
    """
    for variable in variables:
        dtype = str(variable.dtype)
        if dtype in ("int8", "uint8"):
            low, high = (0, 16) if "zero" in variable.name else (-128, 128) if dtype == "int8" else (0, 256)
            variable.assign(rng.integers(low, high, tuple(variable.shape)).astype(dtype))
        elif "float" in dtype and variable.name != "g_idx":
            variable.assign(random_weight(variable.name, tuple(variable.shape), rng))


def random_input(entry: Case, i: int, rng: np.random.Generator) -> np.ndarray:
    """Data for input `i` of a case."""
    if entry.dtypes[i] == "string":
        texts = np.asarray(entry.inputs[i] if entry.inputs else [], str)
        return np.char.encode(texts, "utf-8").reshape(entry.shapes[i])
    dtype = np.dtype(ml_dtypes.bfloat16 if entry.dtypes[i] == "bfloat16" else entry.dtypes[i])
    if entry.inputs is not None:
        return np.asarray(entry.inputs[i], dtype).reshape(entry.shapes[i])
    if dtype.kind in "iub":
        return rng.integers(int(entry.low), int(entry.high), entry.shapes[i]).astype(dtype)
    return rng.normal(0.0, 1.0, entry.shapes[i]).astype(dtype)


def assemble(library: Any, cases: list[Case], rng: np.random.Generator) -> tuple[Any, list[np.ndarray]]:
    """One functional model over all cases, outputs in the order of the cases, and the data for its inputs.

    A single case that is a model itself stays as it is: so a file can hold a Sequential, or a model with named inputs.
    Cases that want the same array, or random data of the same shape, type and range, share an input: it keeps the
    files small (an input costs 3 kB of HDF5 groups), and a runtime that writes over its input is found out.
    """
    if len(cases) == 1 and isinstance(cases[0].layer, library.Model):
        (entry,) = cases
        entry.symbols, entry.outputs = list(entry.layer.inputs), list(entry.layer.outputs)
        entry.numbers = list(range(len(entry.symbols)))
        return entry.layer, [random_input(entry, i, rng) for i in entry.numbers]
    symbols: list[Any] = []
    data: list[np.ndarray] = []
    shared: dict[str, list[int]] = {}
    for entry in cases:
        for i, (shape, dtype) in enumerate(zip(entry.declared, entry.dtypes, strict=True)):
            source = id(entry.inputs[i]) if entry.inputs else (entry.low, entry.high)
            wanted = (shape, entry.shapes[i], dtype, source)
            candidates = shared.setdefault(str(wanted), [])
            unused = [number for number in candidates if number not in entry.numbers]
            if not unused:
                unused = [len(symbols)]
                candidates += unused
                symbols.append(library.Input(batch_shape=shape, dtype=dtype))
                data.append(random_input(entry, i, rng))
            entry.numbers.append(unused[0])
        entry.symbols = [symbols[number] for number in entry.numbers]
        takes_list = hasattr(entry.layer, "get_config") and len(entry.symbols) > 1
        result = entry.layer(entry.symbols) if takes_list else entry.layer(*entry.symbols)
        entry.outputs = list(result) if isinstance(result, list | tuple) else [result]
    return library.Model(symbols, [o for c in cases for o in c.outputs]), data


def numbering() -> Callable[[Any], int]:
    """A replacement for `id` that counts from 1: Keras writes addresses into its files as shared_object_id."""
    seen: list[Any] = []  # keeps the objects alive, else an address may serve twice

    def number(value: Any) -> int:
        for i, other in enumerate(seen):
            if other is value:
                return i + 1
        seen.append(value)
        return len(seen)

    return number


class FixedClock(datetime.datetime):
    """A datetime whose `now` stands still, for the date Keras writes into metadata.json."""

    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> datetime.datetime:
        return cls(*FIXED_TIME)


@contextlib.contextmanager
def reproducible() -> Iterator[None]:
    """Takes times and addresses out of what Keras and NumPy write."""
    fixed = time.struct_time((*FIXED_TIME, 0, 1, 0))
    patch = unittest.mock.patch
    with (
        patch("time.localtime", lambda *_: fixed),
        patch("datetime.datetime", FixedClock),
        patch.object(serialization_lib, "id", numbering(), create=True),
    ):
        yield


def save_keras(model: Any, path: Path) -> None:
    """Saves the model as .keras; removes the file if Keras cannot write it (Keras 2 and an Ellipsis in an index)."""
    try:
        with reproducible():
            model.save(str(path))
    except TypeError as error:
        print(f"{path.name}: Keras does not write it: {str(error).splitlines()[0]}")
        path.unlink(missing_ok=True)


def save_h5(model: Any, path: Path) -> None:
    """Saves the model as HDF5; removes the file if Keras cannot write it, or leaves a weight out.

    Whether Keras reads it again is not asked: Keras 3.15 forgets an `axis` of several axes on the way back.
    """
    stored: list[np.ndarray] = []

    def collect(_: str, item: Any) -> None:
        if isinstance(item, h5py.Dataset):
            stored.append(item[()])

    try:
        with reproducible():
            model.save(str(path))
        with h5py.File(path) as file:
            file["model_weights"].visititems(collect)
    except (TypeError, ValueError, NotImplementedError) as error:
        print(f"{path.name}: Keras does not write it: {error}")
        path.unlink(missing_ok=True)
    else:
        wanted = sorted(weight.tobytes() for weight in model.get_weights())
        if wanted != sorted(array.tobytes() for array in stored):
            print(f"{path.name}: Keras left out weights, or wrote others")
            path.unlink()


def spread_out(kernel: np.ndarray, rates: Sequence[int]) -> np.ndarray:
    """The kernel with `rate - 1` zeros between its taps, along its leading axes: what a dilation means."""
    taps = [rate * (size - 1) + 1 for rate, size in zip(rates, kernel.shape, strict=False)]
    result = np.zeros((*taps, *kernel.shape[len(taps) :]), kernel.dtype)
    result[tuple(slice(None, None, rate) for rate in rates)] = kernel
    return result


def twin_answer(layer: Any, x: np.ndarray) -> np.ndarray:
    """Answer of a layer that TensorFlow cannot run on a CPU, by a layer that it can run and that means the same."""
    first = layer.data_format == "channels_first"
    axis = 2 if "LSTM" in type(layer).__name__ else 1  # after the batch, and after the time of a sequence
    rank = x.ndim
    x = np.moveaxis(x, axis, -1) if first else x
    weights = layer.get_weights()
    change: dict[str, Any] = {"data_format": "channels_last", "name": f"{layer.name}_twin"}
    if "Transpose" in type(layer).__name__:
        weights[0] = spread_out(weights[0], layer.dilation_rate)
        change |= {"dilation_rate": 1, "kernel_size": weights[0].shape[: len(layer.dilation_rate)]}
    twin = type(layer).from_config(layer.get_config() | change)
    twin.build(tuple(x.shape))
    twin.set_weights(weights)
    y = np.asarray(twin(x))
    return np.moveaxis(y, -1, axis if y.ndim == rank else 1) if first else y


def answer(library: Any, loaded: Any, entry: Case, outputs: list[int], data: list[np.ndarray]) -> list[Any]:
    """What the loaded model answers for one case: its outputs of these numbers. Of a declared batch, batch after batch."""
    part = library.Model([loaded.inputs[i] for i in entry.numbers], [loaded.outputs[i] for i in outputs])
    batch, rows = entry.declared[0][0], entry.shapes[0][0]
    if batch is not None and rows is not None and rows > batch:
        slices = [[array[start : start + batch] for array in data] for start in range(0, rows, batch)]
        parts = [as_list(part(slice, training=False)) for slice in slices]
        return [np.concatenate(outputs) for outputs in zip(*parts, strict=True)]
    try:
        result = part(data, training=False)
    except Exception:
        layers = [layer for layer in part.layers if layer.__class__.__name__ != "InputLayer"]
        if len(layers) != 1 or not hasattr(layers[0], "data_format"):
            raise
        return [twin_answer(layers[0], data[0])]
    return list(result) if isinstance(result, list | tuple) else [result]


def storable(value: Any) -> np.ndarray:
    """The value as an array that .npz can hold."""
    array = np.asarray(value)
    if array.dtype == object:  # strings, as TensorFlow gives them
        return array.astype(bytes)
    return array.astype(np.float32) if array.dtype == ml_dtypes.bfloat16 else array


def rejected_configs(library: Any, cases: list[Case], rejects: list[Reject]) -> list[dict[str, Any]]:
    """Model configs of one layer each, with the declared keys written over the layer's own."""
    result = []
    for item in rejects:
        entry = cases[item.of]
        model = library.Model(entry.symbols, entry.outputs)
        config = json.loads(model.to_json())
        (layer,) = [node for node in config["config"]["layers"] if node["class_name"] != "InputLayer"]
        layer["config"].update(item.change)
        try:
            library.models.model_from_json(json.dumps(config))
            print(f"Keras itself accepts {item.change}")
        except Exception:
            pass  # as it should be: the file asks for nonsense
        result.append({"code": item.code, "change": item.change, "config": config})
    return result


def read_cases(path: Path, library: Any) -> tuple[list[Case], list[Reject]]:
    """Runs a case file; returns its CASES and REJECTED."""
    scope: dict[str, Any] = {"keras": library, "np": np, "case": case, "reject": reject}
    exec(compile(path.read_text(), str(path), "exec"), scope)
    return scope["CASES"], scope.get("REJECTED", [])


def write_json(path: Path, entries: list[dict[str, Any]]) -> None:
    """A JSON list, one entry a line."""
    lines = ",\n".join(json.dumps(entry) for entry in entries)
    path.write_text(f"[\n{lines}\n]\n")


def build(path: Path, folder: Path) -> list[str]:
    """Makes the golden of one case file in `folder`; returns the names of the files written."""
    name = path.stem
    library = keras
    if name.endswith("_keras2"):
        import tf_keras as library
    library.backend.clear_session()
    seed = zlib.crc32(name.encode())
    library.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    cases, rejects = read_cases(path, library)
    model, data = assemble(library, cases, rng)
    randomise(model.weights, rng)

    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob(f"{name}.*"):
        old.unlink()
    files = [folder / f"{name}.keras", folder / f"{name}.h5"]
    save_keras(model, files[0])
    save_h5(model, files[1])
    first_file = next(file for file in files if file.exists())
    loaded = library.models.load_model(str(first_file), compile=False)

    arrays = {f"input_{i}": storable(x) for i, x in enumerate(data)}
    notes: list[dict[str, Any]] = []
    first = 0
    for entry in cases:
        outputs = list(range(first, first + len(entry.outputs)))
        results = answer(library, loaded, entry, outputs, [data[i] for i in entry.numbers])
        arrays |= {f"output_{i}": storable(y) for i, y in zip(outputs, results, strict=True)}
        notes.append(
            {"layer": entry.label(), "why": entry.why, "tol": entry.tol, "inputs": entry.numbers, "outputs": outputs}
        )
        first += len(outputs)
    with reproducible():
        np.savez_compressed(folder / f"{name}.npz", **arrays)  # type: ignore[arg-type]
        write_json(folder / f"{name}.json", notes)
        if rejects:
            write_json(folder / f"{name}.rejected.json", rejected_configs(library, cases, rejects))
    return sorted(file.name for file in folder.glob(f"{name}.*"))
