"""Models that scripts build, for Cornu and for real Keras: tools/golden_scripts.py makes what test_building.py compares.

Each function takes `keras` and gives a model; weights and inputs are filled in by `arrays_for`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


def operators(keras: Any) -> Any:
    layers = keras.layers
    x = keras.Input((8, 8, 3))
    y = layers.BatchNormalization()(layers.Conv2D(4, 3, padding="same", activation="relu")(x))
    y = layers.GlobalAveragePooling2D()(y + layers.Conv2D(4, 1)(x))
    return keras.Model(x, -layers.Dense(2)(y * 2.0) / 3.0)


def residual(keras: Any) -> Any:
    layers = keras.layers

    def block(x: Any) -> Any:
        y = layers.ReLU()(layers.BatchNormalization()(layers.Conv2D(8, 3, padding="same", use_bias=False)(x)))
        return layers.Add()([x, layers.Conv2D(8, 3, padding="same", kernel_initializer="he_normal")(y)])

    x = keras.Input((16, 16, 3), name="image")
    y = block(layers.Conv2D(8, 5, strides=2)(layers.ZeroPadding2D(2)(x)))
    y = layers.Dropout(0.5)(layers.Flatten()(block(layers.MaxPooling2D()(y))))
    return keras.Model(x, layers.Dense(3, activation="softmax")(y), name="net")


def recurrent(keras: Any) -> Any:
    layers = keras.layers
    x = keras.Input((5,))
    y = layers.Embedding(8, 6, mask_zero=True)(x)
    y = layers.Bidirectional(layers.LSTM(4, return_sequences=True))(y)
    sequence, state = layers.GRU(3, return_sequences=True, return_state=True)(y)
    return keras.Model(x, [layers.SimpleRNN(2)(sequence, initial_state=layers.Dense(2)(state)), state])


def attention(keras: Any) -> Any:
    layers = keras.layers
    x = keras.Input((6, 8))
    y = layers.LayerNormalization()(x + layers.MultiHeadAttention(2, 4)(x, x))
    y = layers.LayerNormalization(epsilon=1e-6)(layers.add([y, layers.Dense(8)(layers.Dense(16, activation="gelu")(y))]))
    return keras.Model(x, layers.GlobalAveragePooling1D()(y))


def several_inputs(keras: Any) -> Any:
    layers = keras.layers
    a, b = keras.Input((3,), name="a"), keras.Input((4,), name="b")
    shared = layers.Dense(5, name="shared")
    y = layers.Concatenate()([shared(layers.Dense(4)(a)), shared(b)])
    return keras.Model({"a": a, "b": b}, [layers.Dense(1, name="one")(y), layers.Dense(2, name="two", activation="tanh")(y)])


def nested(keras: Any) -> Any:
    layers = keras.layers
    base = keras.Sequential([layers.Input((4,)), layers.Dense(3, activation="relu"), layers.Dense(3)], name="base")
    x = keras.Input((4,))
    return keras.Model(x, layers.Dense(2)(base(x)), name="outer")


def sequential(keras: Any) -> Any:
    layers = keras.layers
    model = keras.Sequential(name="stack")
    model.add(layers.Input((10, 2)))
    model.add(layers.Conv1D(4, 3, activation="relu", padding="causal"))
    model.add(layers.MaxPooling1D(2))
    model.add(layers.TimeDistributed(layers.Dense(3)))
    model.add(layers.LSTM(4))
    model.add(layers.Dense(1, activation="sigmoid", kernel_regularizer="l2"))
    return model


def shapes(keras: Any) -> Any:
    layers = keras.layers
    x = keras.Input((8,))
    y = layers.UnitNormalization()(layers.Permute((2, 1))(layers.Reshape((4, 2))(x)))
    return keras.Model(x, layers.PReLU()(layers.Rescaling(2.0, offset=1)(y[:, 0])))


def functions(keras: Any) -> Any:
    """Functions of keras.ops on symbolic tensors: arguments by place and by name, several outputs, lists, numbers."""
    o = keras.ops
    x = keras.Input((4, 6), name="x")
    y = keras.layers.Dense(6, name="dense")(o.exp(x) + o.mean(x, axis=-1, keepdims=True))
    left, right = o.split(y, 2, axis=-1)
    rows = o.concatenate([left, o.where(right > 0, right, 0.1 * right)], axis=1)
    scores = o.softmax(o.einsum("bij,bkj->bik", left, right) / 2.0)
    best, where = o.top_k(o.reshape(scores, (-1, 16)), k=3)
    small = o.image.resize(o.expand_dims(rows, -1), size=(3, 2), interpolation="nearest")
    sums = o.sum(o.pad(y, [[0, 0], [1, 0], [0, 2]]), axis=(1, 2)) + o.cast(o.abs(o.max(where, axis=1)), "float32")
    turned = o.nn.relu(o.transpose(o.matmul(scores, y), (0, 2, 1)))
    cut = o.clip(y, x_min=-0.5, x_max=0.5)
    return keras.Model(x, [rows, best, where, small, sums, turned, o.linalg.norm(y, axis=1), cut], name="functions")


MODELS: list[Callable[[Any], Any]] = [
    operators, residual, recurrent, attention, several_inputs, nested, sequential, shapes, functions,
]  # fmt: skip


def arrays_for(model: Any, number: int) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Weights and inputs of a model, the same for the same number."""
    random = np.random.default_rng(number)
    weights = [random.normal(0, 0.3, weight.shape) for weight in model.weights]
    for weight, array in zip(model.weights, weights, strict=True):
        if "variance" in weight.name:
            np.square(array, out=array)
    inputs = []
    for tensor in model.inputs:
        shape = (2, *tensor.shape[1:])
        indices = shape == (2, 5)
        inputs.append((random.integers(0, 8, shape) if indices else random.normal(size=shape)).astype("float32"))
    return [weight.astype("float32") for weight in weights], inputs
