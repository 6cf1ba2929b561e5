"""Makes tests/golden/strip: small SavedModels as each writer writes them, with the answers of real TensorFlow.

  .venv-golden/bin/python tools/make_strip_cases.py

NAME/ is the folder, NAME.npz holds the inputs and outputs of its serving_default by their names. Files differ from run to run
(names of functions hold counters), so they are made anew only when something changes here.
"""

import os
import pathlib
import shutil

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras
import numpy as np
import tf_keras

import tensorflow as tf

FOLDER = pathlib.Path(__file__).resolve().parents[1] / "tests" / "golden" / "strip"
X = np.linspace(-1, 1, 6, dtype="float32").reshape(2, 3)


def trained(library: object) -> object:
    """A model with an optimizer's state, of Keras 3 or tf_keras."""
    layers = library.layers
    model = library.Sequential([library.Input((3,), name="x"), layers.Dense(4, "relu"), layers.Dropout(0.5), layers.Dense(2)])
    model.compile("adam", "mse")
    model.fit(X, X[:, :2], epochs=1, verbose=0)
    return model


class Module(tf.Module):
    """A table of words from an asset, a custom gradient, and functions that no signature needs."""

    def __init__(self, words: pathlib.Path) -> None:
        """Reads `words` when it is used."""
        super().__init__()
        self.scale = tf.Variable([2.0, 3.0], name="scale")
        self.unused = tf.Variable(tf.zeros(40), name="unused")
        init = tf.lookup.TextFileInitializer(
            str(words), tf.string, tf.lookup.TextFileIndex.WHOLE_LINE, tf.int64, tf.lookup.TextFileIndex.LINE_NUMBER
        )
        self.table = tf.lookup.StaticHashTable(init, -1)

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, "words"), tf.TensorSpec([None, 2], tf.float32, "x")])
    def look(self, words: tf.Tensor, x: tf.Tensor) -> dict[str, tf.Tensor]:
        """The signature."""

        @tf.custom_gradient
        def half(value: tf.Tensor) -> tuple:
            return value / 2, lambda dy: dy / 2

        return {"index": self.table.lookup(words), "y": half(x * self.scale)}

    @tf.function(input_signature=[tf.TensorSpec([40], tf.float32)])
    def train(self, x: tf.Tensor) -> tf.Tensor:
        """A step of training."""
        self.unused.assign_add(tf.nn.softmax(x))
        return tf.reduce_sum(self.unused)


def save_module(path: pathlib.Path) -> None:
    """tf.saved_model.save of a module."""
    words = path.with_suffix(".txt")
    words.write_text("one\ntwo\nthree\n")
    module = Module(words)
    options = tf.saved_model.SaveOptions(experimental_custom_gradients=True)
    tf.saved_model.save(module, str(path), signatures=module.look, options=options)
    words.unlink()


def save_session(path: pathlib.Path) -> None:
    """A SavedModel of TensorFlow 1: a session with variables of both kinds and an optimizer."""
    v1 = tf.compat.v1
    with v1.Graph().as_default(), v1.Session() as session:
        x = v1.placeholder(tf.float32, [None, 3], "x")
        a = v1.get_variable("a", initializer=np.arange(6, dtype="float32").reshape(3, 2), use_resource=False)
        b = v1.get_variable("b", initializer=np.ones(2, "float32"), use_resource=True)
        y = tf.matmul(x, a) + b
        v1.train.AdamOptimizer().minimize(tf.reduce_mean(y**2))
        session.run(v1.global_variables_initializer())
        v1.saved_model.simple_save(session, str(path), {"x": x}, {"y": y})


def answers(path: pathlib.Path, inputs: dict[str, np.ndarray]) -> None:
    """Stores what serving_default gives."""
    call = tf.saved_model.load(str(path)).signatures["serving_default"]
    given = {name: tf.constant(value) for name, value in inputs.items()}
    outputs = {name: value.numpy() for name, value in call(**given).items()}
    arrays = {name: value.astype("S") if value.dtype == object else value for name, value in {**inputs, **outputs}.items()}
    np.savez(path.with_suffix(".npz"), **arrays)


def main() -> None:
    """Makes all of them."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    tf_keras.utils.set_random_seed(1)
    trained(keras).export(str(FOLDER / "keras3_export"), verbose=False)
    trained(tf_keras).save(str(FOLDER / "tf_keras_save"), save_format="tf")
    save_module(FOLDER / "module")
    save_session(FOLDER / "session")
    for name in ("keras3_export", "tf_keras_save", "session"):
        path = FOLDER / name
        names = tf.saved_model.load(str(path)).signatures["serving_default"].structured_input_signature[1]
        answers(path, dict.fromkeys(names, X))
    answers(FOLDER / "module", {"words": np.array([b"two", b"ten"]), "x": X[:, :2]})


if __name__ == "__main__":
    main()
