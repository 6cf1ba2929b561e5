"""Makes tests/golden/checkpoint/: weights as TensorFlow checkpoints, with configs and answers of Keras.

    .venv-golden/bin/python tools/make_checkpoints.py

NAME.index and its data, NAME.json (the config), NAME.npz (input_0 and output_0):
    objects   save_weights(prefix) of tf_keras after a step of training: recurrent, nested, with an optimizer
    training  tf.train.Checkpoint(model=..., step=...) of the same; the latest of the folder, which `checkpoint` names
    keras3    tf.train.Checkpoint of a Keras 3 model
    names     a Saver of TensorFlow 1, which names variables by scopes
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

os.environ.update(CUDA_VISIBLE_DEVICES="", TF_CPP_MIN_LOG_LEVEL="3", TF_USE_LEGACY_KERAS="1")

import keras as keras3
import numpy as np
import tf_keras as keras

import tensorflow as tf

FOLDER = Path(__file__).resolve().parents[1] / "tests" / "golden" / "checkpoint"
X = np.random.default_rng(7).normal(size=(2, 4, 3)).astype("float32")


def layers_of(library: Any) -> list[Any]:
    inner = library.Sequential([library.Input((4, 4)), library.layers.Dense(2, name="left"), library.layers.Dropout(0.1),
                                library.layers.Dense(3, name="right")], name="inner")
    return [library.layers.Bidirectional(library.layers.LSTM(2, return_sequences=True, name="cells"), name="both"),
            library.layers.BatchNormalization(name="norm"), library.layers.ReLU(), inner,
            library.layers.GlobalAveragePooling1D(), library.layers.Dense(2, name="last")]


def functional(library: Any) -> Any:
    first = x = library.Input((4, 3), name="x")
    for layer in layers_of(library):
        x = layer(x)
    return library.Model(first, x, name="m")


def store(name: str, model: Any, answer: np.ndarray) -> None:
    (FOLDER / f"{name}.json").write_text(model.to_json() + "\n")
    np.savez(FOLDER / f"{name}.npz", input_0=X, output_0=answer)


def main() -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    model = functional(keras)
    model.compile("adam", "mse")
    model.fit(X, np.ones((2, 2)), verbose=0)
    model.save_weights(FOLDER / "objects")
    store("objects", model, model(X).numpy())
    tf.train.Checkpoint(model=model, step=tf.Variable(3)).write(FOLDER / "training")
    store("training", model, model(X).numpy())
    later = keras3.Sequential([keras3.Input((4, 3)), *layers_of(keras3)])
    tf.train.Checkpoint(model=later).write(FOLDER / "keras3")
    store("keras3", later, np.asarray(later(X)))
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        model = functional(keras)
        session.run(tf.compat.v1.global_variables_initializer())
        tf.compat.v1.train.Saver().save(session, str(FOLDER / "names"), write_meta_graph=False, write_state=False)
        store("names", model, session.run(model(X)))
    state = 'model_checkpoint_path: "/somewhere/else/training"\nall_model_checkpoint_paths: "training"\n'
    (FOLDER / "checkpoint").write_text(state)
    for path in FOLDER.glob("*.data-*"):
        path.chmod(0o644)


if __name__ == "__main__":
    main()
