"""Makes tests/golden/saved_model/: SavedModels of Keras 2 and 3 with their answers.

    .venv-golden/bin/python tools/make_saved_models.py

`endless` is a module with a loop, `text` the same as text.

Keras 2 models are made by tf_keras and hold their Keras config; functions that no signature reaches are taken out, as they
make most of the bytes. `twice` is what tf.saved_model.save writes of a Keras 3 model, whose signature uses other variables
than its restore function fills.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Any

os.environ.update(CUDA_VISIBLE_DEVICES="", TF_CPP_MIN_LOG_LEVEL="3", TF_USE_LEGACY_KERAS="1")

import keras as keras3
import numpy as np
import tf_keras as keras
from google.protobuf import text_format
from tensorflow.core.protobuf import saved_model_pb2

import tensorflow as tf

FOLDER = Path(__file__).resolve().parents[1] / "tests" / "golden" / "saved_model"
random = np.random.default_rng(3)


def floats(*shape: int) -> np.ndarray:
    return random.normal(size=shape).astype("float32")


def sequential() -> tuple[Any, list[np.ndarray]]:
    model = keras.Sequential(
        [
            keras.Input((5, 5, 1)),
            keras.layers.Conv2D(2, 3, activation="relu", name="conv"),
            keras.layers.BatchNormalization(name="norm"),
            keras.layers.Flatten(),
            keras.layers.Dense(3, activation="softmax", name="dense"),
        ],
        name="small",
    )
    return model, [floats(2, 5, 5, 1)]


def several() -> tuple[Any, list[np.ndarray]]:
    zeta, alpha = keras.Input((4,), name="zeta"), keras.Input((6,), name="alpha")
    inner = keras.Sequential(
        [keras.layers.Dense(4, activation="tanh"), keras.layers.BatchNormalization(), keras.layers.Dense(3)], name="inner"
    )
    both = keras.layers.Concatenate()([keras.layers.Dense(3, name="left")(zeta), keras.layers.Dense(3, name="right")(alpha)])
    x = inner(both)
    model = keras.Model([zeta, alpha], [keras.layers.Dense(2, name="z")(x), keras.layers.Dense(1, name="a")(x)], name="several")
    return model, [floats(3, 4), floats(3, 6)]


def recurrent() -> tuple[Any, list[np.ndarray]]:
    tokens = keras.Input((None,), dtype="int32", name="tokens")
    x = keras.layers.Embedding(9, 4, mask_zero=True, name="embedding")(tokens)
    x = keras.layers.Bidirectional(keras.layers.LSTM(3, return_sequences=True), name="both_ways")(x)
    model = keras.Model(tokens, keras.layers.Dense(2, name="dense")(keras.layers.GRU(3, name="gru")(x)), name="recurrent")
    return model, [np.array([[3, 1, 0, 0], [5, 2, 8, 4]], "int32")]


class Subclassed(keras.Model):
    def __init__(self) -> None:
        super().__init__(name="subclassed")
        self.dense = keras.layers.Dense(2)

    def call(self, inputs: Any) -> Any:
        return tf.nn.relu(self.dense(inputs)) * 2


def subclassed() -> tuple[Any, list[np.ndarray]]:
    model = Subclassed()
    model(floats(2, 3))
    return model, [floats(2, 3)]


def twice() -> tuple[Any, list[np.ndarray]]:
    inputs = keras3.Input((4,))
    hidden = keras3.layers.Dense(3, activation="relu", name="hidden")(inputs)
    return keras3.Model(inputs, keras3.layers.Dense(2, name="dense")(hidden)), [floats(2, 4)]


class Endless(tf.Module):
    """Loops forever for x below 2; its other function doubles x."""

    @tf.function(input_signature=[tf.TensorSpec((), tf.float32, name="x")])
    def wait(self, x: Any) -> Any:
        return {"y": tf.while_loop(lambda v: v < 2, lambda v: (v * 1,), (x,))[0]}

    @tf.function(input_signature=[tf.TensorSpec((None,), tf.float32, name="x")])
    def double(self, x: Any) -> Any:
        return {"y": 2 * x, "size": tf.size(x)}


def reached(graph: Any) -> set[str]:
    """Names of the functions that the signatures and restoring need."""
    library = {function.signature.name: function for function in graph.library.function}

    def named(nodes: Any) -> set[str]:
        names = {node.op for node in nodes}
        for node in nodes:
            for attr in node.attr.values():
                names |= {attr.func.name, *(f.name for f in attr.list.func)}
        return names & library.keys()

    found: set[str] = set()
    todo = named(graph.node)
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo |= named(library[name].node_def)
    return found


def thin_out(folder: Path) -> None:
    model = saved_model_pb2.SavedModel()
    model.ParseFromString((folder / "saved_model.pb").read_bytes())
    graph = model.meta_graphs[0].graph_def
    keep = reached(graph)
    functions = [function for function in graph.library.function if function.signature.name in keep]
    del graph.library.function[:]
    graph.library.function.extend(functions)
    del graph.library.gradient[:]
    model.meta_graphs[0].meta_info_def.ClearField("stripped_op_list")
    for nodes in [graph.node, *(function.node_def for function in functions)]:
        for node in nodes:
            node.ClearField("experimental_debug_info")
    (folder / "saved_model.pb").write_bytes(model.SerializeToString(deterministic=True))


def write_text(source: Path, folder: Path) -> None:
    """The same model with saved_model.pbtxt."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(source, folder)
    model = saved_model_pb2.SavedModel()
    model.ParseFromString((folder / "saved_model.pb").read_bytes())
    (folder / "saved_model.pb").unlink()
    (folder / "saved_model.pbtxt").write_text(text_format.MessageToString(model))


def clean(folder: Path) -> None:
    (folder / "fingerprint.pb").unlink(missing_ok=True)
    shutil.rmtree(folder / "assets", ignore_errors=True)


def main() -> None:
    endless = Endless()
    shutil.rmtree(FOLDER / "endless", ignore_errors=True)
    signatures = {"wait": endless.wait, "double": endless.double}
    tf.saved_model.save(endless, str(FOLDER / "endless"), signatures=signatures)
    thin_out(FOLDER / "endless")
    clean(FOLDER / "endless")
    write_text(FOLDER / "endless", FOLDER / "text")
    for make in (sequential, several, recurrent, subclassed, twice):
        folder = FOLDER / make.__name__
        shutil.rmtree(folder, ignore_errors=True)
        model, inputs = make()
        for weight in model.weights:
            weight.assign(random.uniform(0.1, 1, weight.shape))
        if make is twice:
            tf.saved_model.save(model, str(folder))
        else:
            model.save(str(folder), save_format="tf")
        thin_out(folder)
        clean(folder)
        answers = model.predict(inputs if len(inputs) > 1 else inputs[0], verbose=0)
        answers = answers if isinstance(answers, list) else [answers]
        named = {f"input_{i}": x for i, x in enumerate(inputs)} | {f"answer_{i}": y for i, y in enumerate(answers)}
        np.savez_compressed(folder / "io.npz", **named)


if __name__ == "__main__":
    sys.exit(main())
