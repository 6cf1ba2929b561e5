"""Models of many kinds of layers, trained by Cornu and by real Keras; see training_cases.py."""

from __future__ import annotations

from typing import Any

import numpy as np
from training_cases import Case, arrays_for, run

__all__ = ["arrays_for", "cases", "run"]

ROWS = 10
_random = np.random.default_rng(7)
IMAGES = _random.normal(0, 1, (ROWS, 9, 8, 3)).astype("float32")
SERIES = _random.normal(0, 1, (ROWS, 6, 4)).astype("float32")
WORDS = _random.integers(0, 12, (ROWS, 7)).astype("int32")
CLASSES = _random.integers(0, 3, ROWS)
TOLERANCE = 1e-4


def convolutions(keras: Any) -> Any:
    layers = keras.layers
    return keras.Sequential([
        keras.Input((9, 8, 3)),
        layers.Conv2D(6, 3, padding="same", use_bias=False),
        layers.BatchNormalization(),
        layers.Activation("relu"),
        layers.MaxPooling2D(2, padding="same"),
        layers.DepthwiseConv2D(3, strides=2, padding="same", depth_multiplier=2),
        layers.LeakyReLU(),
        layers.SeparableConv2D(5, 2, activation="swish"),
        layers.Conv2D(6, 1, groups=1, activation="gelu"),
        layers.GlobalAveragePooling2D(),
        layers.Dense(3, activation="softmax"),
    ])  # fmt: skip


def autoencoder(keras: Any) -> Any:
    layers = keras.layers
    x = keras.Input((9, 8, 3))
    h = layers.Conv2D(4, 3, strides=(3, 2), padding="same", activation="elu")(x)
    h = layers.AveragePooling2D((1, 2))(h)
    h = layers.UpSampling2D((1, 2), interpolation="bilinear")(h)
    y = layers.Conv2DTranspose(3, 3, strides=(3, 2), padding="same", activation="tanh")(h)
    return keras.Model(x, y)


def volumes(keras: Any) -> Any:
    layers = keras.layers
    return keras.Sequential([
        keras.Input((9, 8, 3)),
        layers.Reshape((9, 8, 3, 1)),
        layers.Conv3D(3, (3, 3, 2), groups=1, activation="softplus"),
        layers.MaxPooling3D((2, 2, 1)),
        layers.ZeroPadding3D(1),
        layers.Cropping3D(((1, 0), (0, 1), (1, 1))),
        layers.Flatten(),
        layers.PReLU(),
        layers.UnitNormalization(),
        layers.Dense(3, activation="softmax"),
    ])  # fmt: skip


def lstm(keras: Any) -> Any:
    layers = keras.layers
    return keras.Sequential([
        keras.Input((6, 4)),
        layers.Masking(0.0),
        layers.LSTM(5, return_sequences=True),
        layers.Bidirectional(layers.LSTM(3)),
        layers.Dense(3, activation="softmax"),
    ])  # fmt: skip


def gru(keras: Any) -> Any:
    layers = keras.layers
    return keras.Sequential([
        keras.Input((6, 4)),
        layers.Conv1D(5, 2, padding="causal", activation="relu"),
        layers.GRU(5, return_sequences=True, reset_after=False),
        layers.GRU(4, return_sequences=True, go_backwards=True),
        layers.SimpleRNN(4),
        layers.Dense(3, activation="softmax"),
    ])  # fmt: skip


def text(keras: Any) -> Any:
    layers = keras.layers
    x = keras.Input((7,), dtype="int32")
    h = layers.Embedding(12, 6, mask_zero=True)(x)
    h = layers.LSTM(4)(h)
    return keras.Model(x, layers.Dense(3, activation="softmax")(h))


def transformer(keras: Any) -> Any:
    layers = keras.layers
    x = keras.Input((7,), dtype="int32")
    h = layers.Embedding(12, 8)(x)
    a = layers.MultiHeadAttention(2, 4)(h, h)
    h = layers.LayerNormalization()(layers.Add()([h, a]))
    f = layers.Dense(8)(layers.Dense(16, activation="gelu")(h))
    h = layers.RMSNormalization()(layers.Add()([h, f]))
    h = layers.Multiply()([h, layers.EinsumDense("abc,cd->abd", (None, 8))(h)])
    return keras.Model(x, layers.Dense(3, activation="softmax")(layers.GlobalMaxPooling1D()(h)))


def merged(keras: Any) -> Any:
    layers = keras.layers
    x = keras.Input((6, 4))
    a, b = layers.Dense(4)(x), layers.TimeDistributed(layers.Dense(4, activation="selu"))(x)
    parts = [layers.Maximum()([a, b]), layers.Minimum()([a, b]), layers.Average()([a, b]), layers.Subtract()([a, b]),
             layers.Dot((1, 1))([a, b]), layers.Permute((2, 1))(layers.RepeatVector(4)(a[:, 0, :])),
             layers.Attention(use_scale=True)([a, b]),
             a * b - 2.0]  # fmt: skip
    joined = layers.Concatenate(axis=1)(parts)
    return keras.Model(x, layers.Dense(3, activation="softmax")(layers.GroupNormalization(2)(layers.Flatten()(joined))))


def cases() -> list[Case]:
    """All of them."""
    def told(keras: Any) -> dict[str, Any]:
        return {"optimizer": keras.optimizers.SGD(0.02, momentum=0.9), "loss": "sparse_categorical_crossentropy"}

    def squares(keras: Any) -> dict[str, Any]:
        return {"optimizer": keras.optimizers.RMSprop(0.003), "loss": "mse"}

    classified = [(convolutions, IMAGES), (volumes, IMAGES), (lstm, SERIES), (gru, SERIES), (text, WORDS), (transformer, WORDS),
                  (merged, SERIES)]  # fmt: skip
    found = [Case(make.__name__, make, (x, CLASSES), told, {"epochs": 4}, TOLERANCE) for make, x in classified]
    return [*found, Case("autoencoder", autoencoder, (IMAGES, IMAGES), squares, {"epochs": 4}, TOLERANCE)]
