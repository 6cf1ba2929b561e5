"""Makes the models that tests/python tests the package with, and what real Keras says of them.

    tools/make_python_cases.py [OUTDIR]        default: tests/golden/python

For each model NAME.keras, and NAME.json: `summary` (texts by arguments of Model.summary), `layers` (name, class, parameters,
input and output shape), `weights` (path and shape, in the order of get_weights), `config` of each layer, `names` of inputs;
and NAME.npz: `input_KEY`, `output_KEY` by name, `weight_0` and on. Custom objects are those of tests/python/custom_cases.py,
written with keras.ops here and with NumPy there.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from pathlib import Path
from typing import Any

import golden_env

os.environ["COLUMNS"] = "200"  # of the terminal that summaries are made for
golden_env.enter()

import keras  # noqa: E402
import numpy as np  # noqa: E402
from golden_build import save_keras  # noqa: E402

layers = keras.layers
SUMMARIES = {
    "plain": {},
    "narrow": {"line_length": 60},
    "wide": {"line_length": 130},
    "trainable": {"show_trainable": True},
    "nested": {"expand_nested": True},
    "positions": {"positions": [0.3, 0.6, 0.8, 1.0], "line_length": 100},
}
ROWS = 5


def mlp() -> tuple[keras.Model, dict[str, Any]]:
    """A Sequential of dense layers."""
    model = keras.Sequential(
        [
            keras.Input((4,), name="features"),
            layers.Dense(8, activation="relu", name="hidden"),
            layers.Dropout(0.5, name="drop"),
            layers.Dense(3, activation="softmax", name="classes"),
        ],
        name="mlp",
    )
    return model, {"x": (4,)}


def nested() -> tuple[keras.Model, dict[str, Any]]:
    """Inputs and outputs in dicts, models inside, a shared layer, arithmetic, a layer of several outputs."""
    left = keras.Input((6, 5), name="left")
    right = keras.Input((6, 5), name="right")
    inner_in = keras.Input((5,), name="inner_in")
    hidden = layers.Dense(7, name="inner_dense")(inner_in)
    inner = keras.Model(inner_in, layers.BatchNormalization(name="inner_norm")(hidden), name="inner")
    stack = keras.Sequential([keras.Input((7,)), layers.Dense(4, activation="tanh", name="stacked")], name="stack")
    lstm = layers.LSTM(5, return_state=True, name="lstm")
    a, state_h, _ = lstm(left)
    b = layers.Bidirectional(layers.GRU(5), merge_mode="sum", name="both_ways")(right)
    total = a + b * 2.0
    features = inner(total)
    frozen = layers.Dense(2, name="frozen", trainable=False)
    shared = [frozen(features), frozen(layers.Concatenate(name="join")([state_h, a[:, :2]]))]
    outputs = {"score": stack(features), "pair": layers.Add(name="pair_sum")(shared)}
    return keras.Model({"z_left": left, "a_right": right}, outputs, name="nested"), {"z_left": (6, 5), "a_right": (6, 5)}


class Scale(layers.Layer):
    """y = x * w + b, per channel."""

    def __init__(self, start: float = 1.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.start = start

    def build(self, input_shape: Any) -> None:
        self.w = self.add_weight(shape=(input_shape[-1],), name="w", initializer="uniform")
        self.b = self.add_weight(shape=(input_shape[-1],), name="b", initializer="uniform", trainable=False)

    def call(self, x: Any) -> Any:
        return x * self.w * self.start + self.b

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "start": self.start}


def wave(x: Any) -> Any:
    """An activation."""
    return keras.ops.sin(x) + x


def custom() -> tuple[keras.Model, dict[str, Any]]:
    """A custom layer with weights, a custom activation, a Lambda of two inputs that changes the shape."""
    x = keras.Input((4,), name="x")
    y = Scale(2.0, name="scale")(x)
    z = layers.Dense(3, activation=wave, name="waving")(y)
    joined = layers.Lambda(lambda pair: keras.ops.concatenate(pair, axis=-1), name="join", output_shape=(7,))([y, z])
    return keras.Model(x, layers.Dense(2, name="last")(joined), name="custom"), {"x": (4,)}


def summaries(model: keras.Model) -> dict[str, str]:
    texts: dict[str, str] = {}
    for name, arguments in SUMMARIES.items():
        with contextlib.suppress(IndexError, ValueError):  # positions for more columns than there are
            model.summary(print_fn=lambda text, name=name: texts.__setitem__(name, text), **arguments)
    return texts


def without_ids(config: Any) -> Any:
    """A config without what Keras writes into files only."""
    if isinstance(config, dict):
        return {key: without_ids(item) for key, item in config.items() if key not in ("shared_object_id", "build_config")}
    return [without_ids(item) for item in config] if isinstance(config, (list, tuple)) else config


def describe(model: keras.Model) -> dict[str, Any]:
    def shape_of(layer: Any, kind: str) -> Any:
        tensors = getattr(layer, kind)
        return [t.shape for t in tensors] if isinstance(tensors, list) else tensors.shape

    listed = []
    for layer in model.layers:
        listed.append({"name": layer.name, "class": type(layer).__name__, "params": layer.count_params()})
        if isinstance(layer, (layers.Dense, layers.InputLayer, layers.Bidirectional)):
            listed[-1]["output_shape"] = shape_of(layer, "output")
    return {
        "summary": summaries(model),
        "arguments": SUMMARIES,
        "layers": listed,
        "weights": [[w.path.split("/")[-1], list(w.shape), w.trainable] for w in model.weights],
        "config": without_ids(model.get_config()),
        "count": model.count_params(),
        "input_names": list(model.input_names) if hasattr(model, "input_names") else [],
    }


def main() -> int:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else golden_env.ROOT / "tests/golden/python")
    folder.mkdir(parents=True, exist_ok=True)
    for make in (mlp, nested, custom):
        keras.utils.set_random_seed(3)
        model, shapes = make()
        rng = np.random.default_rng(5)
        model.set_weights([rng.uniform(0.1, 0.9, w.shape).astype(np.float32) - 0.3 * (w.ndim > 1) for w in model.get_weights()])
        inputs = {name: rng.standard_normal((ROWS, *shape)).astype(np.float32) for name, shape in shapes.items()}
        outputs = model.predict(inputs if len(inputs) > 1 else next(iter(inputs.values())), verbose=0)
        named = outputs if isinstance(outputs, dict) else {"y": outputs}
        arrays = {f"input_{k}": v for k, v in inputs.items()} | {f"output_{k}": v for k, v in named.items()}
        arrays |= {f"weight_{i}": w for i, w in enumerate(model.get_weights())}
        np.savez_compressed(folder / f"{make.__name__}.npz", **arrays)
        path = folder / f"{make.__name__}.keras"
        save_keras(model, path)
        (folder / f"{make.__name__}.json").write_text(json.dumps(describe(model), separators=(",", ":"), default=str) + "\n")
        print(make.__name__, path.stat().st_size, "bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
