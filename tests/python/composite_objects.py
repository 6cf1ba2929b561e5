"""Layers and models of their authors' own, made of other layers, for real Keras and for Cornu: `keras` is either.

tools/golden_scripts.py makes tests/golden/python/composite*.{keras,h5} of MODELS with real Keras.
"""

from __future__ import annotations

from typing import Any

INPUTS: dict[str, tuple[int, ...]] = {
    "transformer": (6,), "residual": (4, 5), "perceptron": (5,), "nested": (5,), "registered": (5,),
}  # fmt: skip
WHOLE = ("transformer",)  # models that take integers below 20


def define(keras: Any) -> dict[str, Any]:
    """The classes and functions, by name."""
    layers = keras.layers

    class TransformerBlock(layers.Layer):
        def __init__(self, width: int, heads: int, hidden: int, rate: float = 0.1, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.width, self.heads, self.hidden, self.rate = width, heads, hidden, rate
            self.att = layers.MultiHeadAttention(num_heads=heads, key_dim=width)
            self.ffn = keras.Sequential([layers.Dense(hidden, activation="relu"), layers.Dense(width)])
            self.norm1 = layers.LayerNormalization(epsilon=1e-6)
            self.norm2 = layers.LayerNormalization(epsilon=1e-6)
            self.drop = layers.Dropout(rate)

        def call(self, inputs: Any, training: bool = False) -> Any:
            attended = self.norm1(inputs + self.drop(self.att(inputs, inputs), training=training))
            return self.norm2(attended + self.drop(self.ffn(attended), training=training))

        def get_config(self) -> dict[str, Any]:
            own = {"width": self.width, "heads": self.heads, "hidden": self.hidden, "rate": self.rate}
            return {**super().get_config(), **own}

    class TokenAndPosition(layers.Layer):
        def __init__(self, length: int, words: int, width: int, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.length, self.words, self.width = length, words, width
            self.token_emb = layers.Embedding(words, width)
            self.pos_emb = layers.Embedding(length, width)

        def call(self, x: Any) -> Any:
            return self.token_emb(x) + self.pos_emb(keras.ops.arange(0, self.length, 1))

        def get_config(self) -> dict[str, Any]:
            return {**super().get_config(), "length": self.length, "words": self.words, "width": self.width}

    class Residual(layers.Layer):
        """Blocks in a list, a normalisation with weights that do not train, a weight of its own, a frozen layer."""

        def __init__(self, units: int, depth: int = 2, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.units, self.depth = units, depth
            self.z_first = layers.Dense(units)
            self.blocks = []
            self.named = {"a": layers.BatchNormalization(), "b": layers.Dense(units, trainable=False)}
            for _ in range(depth):
                self.blocks.append(layers.Bidirectional(layers.GRU(units, return_sequences=True), merge_mode="sum"))

        def build(self, input_shape: Any) -> None:
            self.scale = self.add_weight(name="scale", shape=(self.units,), initializer="ones")
            self.shift = self.add_weight(name="shift", shape=(self.units,), initializer="zeros", trainable=False)
            super().build(input_shape)

        def call(self, x: Any) -> Any:
            y = self.z_first(x)
            for block in self.blocks:
                y = y + block(y)
            return self.named["b"](self.named["a"](y)) * self.scale + self.shift

        def get_config(self) -> dict[str, Any]:
            return {**super().get_config(), "units": self.units, "depth": self.depth}

    class Perceptron(keras.Model):
        def __init__(self, hidden: int = 4, out: int = 3, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.hidden, self.out = hidden, out
            self.first = layers.Dense(hidden, activation="relu")
            self.blocks = [layers.Dense(hidden), layers.Dense(hidden)]
            self.last = layers.Dense(out)

        def call(self, x: Any, training: Any = None) -> Any:
            y = self.first(x)
            for block in self.blocks:
                y = y + block(y)
            return self.last(y)

        def get_config(self) -> dict[str, Any]:
            return {**super().get_config(), "hidden": self.hidden, "out": self.out}

    class Doubled(layers.Layer):
        def call(self, x: Any) -> Any:
            return x * 2.0

    def wave(x: Any) -> Any:
        return keras.ops.tanh(x) * 2.0

    return {"TransformerBlock": TransformerBlock, "TokenAndPosition": TokenAndPosition, "Residual": Residual,
            "Perceptron": Perceptron, "Doubled": Doubled, "wave": wave}  # fmt: skip


def models(keras: Any, objects: dict[str, Any]) -> dict[str, Any]:
    """The models, by name; the last one is of objects that are registered."""
    layers = keras.layers
    words = keras.Input((6,), dtype="int32")
    x = objects["TransformerBlock"](8, 2, 12)(objects["TokenAndPosition"](6, 20, 8)(words))
    transformer = keras.Model(words, layers.Dense(3, activation="softmax")(layers.GlobalAveragePooling1D()(x)))
    steps = keras.Input((4, 5))
    residual = keras.Model(steps, objects["Residual"](3)(steps))
    row = keras.Input((5,))
    nested = keras.Model(row, layers.Dense(2)(objects["Perceptron"](6, 3)(row)))
    register = keras.saving.register_keras_serializable
    doubled, wave = register("Shop")(objects["Doubled"]), register("Shop", name="waving")(objects["wave"])
    other = keras.Input((5,))
    registered = keras.Model(other, layers.Dense(2, activation=wave)(doubled()(other)))
    return {"transformer": transformer, "residual": residual, "perceptron": objects["Perceptron"](4, 2), "nested": nested,
            "registered": registered}  # fmt: skip
