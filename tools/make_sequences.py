"""Makes small networks over sequences, and a tiny MLP, with random weights, for the benchmarks.

    tools/make_sequences.py OUTDIR [NAME...]

Writes OUTDIR/NAME.keras and NAME.npz (`input_0`: 32 rows, `output_0`: Keras's answer). Every weight is random, biases and
normalisations too, so that a runtime that leaves one out is found. The transformer's feed-forward layers use ReLU: tf2onnx has
no form for the Erfc that TensorFlow 2.21 makes of gelu.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import golden_env

golden_env.enter()

import keras  # noqa: E402
import numpy as np  # noqa: E402
from keras import layers  # noqa: E402

WORDS = 10_000
ROWS = 32


def text_cnn() -> keras.Model:
    """Three widths of windows over 200 words (Kim, 2014, arXiv:1408.5882)."""
    words = keras.Input((200,), dtype="int32")
    x = layers.Embedding(WORDS, 128)(words)
    windows = [layers.GlobalMaxPooling1D()(layers.Conv1D(128, width, activation="relu")(x)) for width in (3, 4, 5)]
    x = layers.Dense(64, activation="relu")(layers.Concatenate()(windows))
    return keras.Model(words, layers.Dense(2, activation="softmax")(x))


def recurrent(layer: keras.layers.Layer) -> keras.Model:
    """One recurrent layer over 100 words."""
    words = keras.Input((100,), dtype="int32")
    x = layer(layers.Embedding(WORDS, 128)(words))
    return keras.Model(words, layers.Dense(1, activation="sigmoid")(x))


def transformer() -> keras.Model:
    """Two encoder blocks of 4 heads over 128 words (Vaswani et al., 2017, arXiv:1706.03762)."""
    words = keras.Input((128,), dtype="int32")
    x = layers.Embedding(WORDS, 128)(words)
    for _ in range(2):
        attended = layers.MultiHeadAttention(4, 32)(x, x)
        x = layers.LayerNormalization(epsilon=1e-6)(layers.Add()([x, attended]))
        inner = layers.Dense(128)(layers.Dense(512, activation="relu")(x))
        x = layers.LayerNormalization(epsilon=1e-6)(layers.Add()([x, inner]))
    return keras.Model(words, layers.Dense(4, activation="softmax")(layers.GlobalAveragePooling1D()(x)))


def mlp() -> keras.Model:
    """Four numbers to three classes."""
    x = keras.Input((4,))
    hidden = layers.Dense(16, activation="relu")(layers.Dense(16, activation="relu")(x))
    return keras.Model(x, layers.Dense(3, activation="softmax")(hidden))


MODELS: dict[str, Callable[[], keras.Model]] = {
    "text_cnn": text_cnn,
    "lstm": lambda: recurrent(layers.LSTM(128)),
    "gru": lambda: recurrent(layers.GRU(128)),
    "bilstm": lambda: recurrent(layers.Bidirectional(layers.LSTM(64))),
    "transformer": transformer,
    "mlp": mlp,
}


def shake(model: keras.Model, random: np.random.Generator) -> None:
    """Moves every weight, so that none is 0 or 1."""
    model.set_weights([w + 0.05 * random.standard_normal(w.shape).astype(w.dtype) for w in model.get_weights()])


def main() -> None:
    """Runs the command line."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name in sys.argv[2:] or MODELS:
        keras.utils.set_random_seed(1)
        random = np.random.default_rng(2)
        model = MODELS[name]()
        shake(model, random)
        shape = (ROWS, *model.inputs[0].shape[1:])
        is_text = model.inputs[0].dtype == "int32"
        x = random.integers(0, WORDS, shape).astype("int32") if is_text else random.standard_normal(shape).astype("float32")
        y = model.predict(x, verbose=0)
        spread = float(np.abs(y - y[0]).max())
        if not np.isfinite(y).all() or spread < 1e-3:
            raise SystemExit(f"{name}: the answers differ by {spread} only")
        model.save(folder / f"{name}.keras")
        np.savez(folder / f"{name}.npz", input_0=x, output_0=y)
        print(name, model.count_params(), flush=True)


if __name__ == "__main__":
    main()
