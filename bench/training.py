"""Steps of fit() per second: Cornu beside TensorFlow's Keras, the same models, data and batches.

Question: how fast does training go, and when does the first epoch end? Baseline: Keras on TensorFlow, in an environment of its own.
Each model runs in a process of its own; the first epoch compiles, the best of the others counts. The first losses must agree.
Example: .venv/bin/python bench/training.py --peer .venv-golden/bin/python [mlp cnn lstm resnet50 transformer]
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from typing import Any

MODELS = {"mlp": 200, "cnn": 40, "lstm": 30, "transformer": 20, "resnet50": 2}  # steps of an epoch


def build(keras: Any, name: str) -> tuple[Any, Any, Any, int]:
    """Model, x, y and batch size."""
    import numpy as np

    layers = keras.layers
    random = np.random.default_rng(0)
    batch = 8 if name == "resnet50" else 32
    rows = batch * MODELS[name]

    def classes(count: int) -> Any:
        return random.integers(0, count, rows)

    if name == "mlp":
        model = keras.Sequential([keras.Input((64,)), layers.Dense(128, activation="relu"), layers.Dense(64, activation="relu"),
                                  layers.Dense(10, activation="softmax")])  # fmt: skip
        return model, random.normal(0, 1, (rows, 64)).astype("float32"), classes(10), batch
    if name == "cnn":
        model = keras.Sequential([keras.Input((28, 28, 1)), layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D(),
                                  layers.Conv2D(64, 3, activation="relu"), layers.MaxPooling2D(), layers.Flatten(),
                                  layers.Dropout(0.5), layers.Dense(10, activation="softmax")])  # fmt: skip
        return model, random.normal(0, 1, (rows, 28, 28, 1)).astype("float32"), classes(10), batch
    if name == "lstm":
        model = keras.Sequential([keras.Input((50, 16)), layers.LSTM(64), layers.Dense(10, activation="softmax")])
        return model, random.normal(0, 1, (rows, 50, 16)).astype("float32"), classes(10), batch
    if name == "transformer":
        x = keras.Input((32,), dtype="int32")
        h = layers.Embedding(1000, 64)(x)
        a = layers.MultiHeadAttention(4, 16)(h, h)
        h = layers.LayerNormalization()(layers.Add()([h, a]))
        f = layers.Dense(64)(layers.Dense(128, activation="relu")(h))
        h = layers.LayerNormalization()(layers.Add()([h, f]))
        model = keras.Model(x, layers.Dense(10, activation="softmax")(layers.GlobalAveragePooling1D()(h)))
        return model, random.integers(0, 1000, (rows, 32)).astype("int32"), classes(10), batch
    return resnet50(keras), random.normal(0, 1, (rows, 224, 224, 3)).astype("float32"), classes(1000), batch


def resnet50(keras: Any) -> Any:
    """ResNet50 as keras.applications has it."""
    layers = keras.layers

    def block(x: Any, filters: int, stride: int, shortcut: bool) -> Any:
        start = x
        if shortcut:
            start = layers.BatchNormalization(epsilon=1.001e-5)(layers.Conv2D(4 * filters, 1, strides=stride)(x))
        x = layers.BatchNormalization(epsilon=1.001e-5)(layers.Conv2D(filters, 1, strides=stride)(x))
        x = layers.Activation("relu")(x)
        x = layers.BatchNormalization(epsilon=1.001e-5)(layers.Conv2D(filters, 3, padding="same")(x))
        x = layers.Activation("relu")(x)
        x = layers.BatchNormalization(epsilon=1.001e-5)(layers.Conv2D(4 * filters, 1)(x))
        return layers.Activation("relu")(layers.Add()([start, x]))

    image = keras.Input((224, 224, 3))
    x = layers.Conv2D(64, 7, strides=2)(layers.ZeroPadding2D(3)(image))
    x = layers.Activation("relu")(layers.BatchNormalization(epsilon=1.001e-5)(x))
    x = layers.MaxPooling2D(3, strides=2)(layers.ZeroPadding2D(1)(x))
    for filters, count, stride in ((64, 3, 1), (128, 4, 2), (256, 6, 2), (512, 3, 2)):
        for i in range(count):
            x = block(x, filters, stride if i == 0 else 1, i == 0)
    return keras.Model(image, layers.Dense(1000, activation="softmax")(layers.GlobalAveragePooling2D()(x)))


def measure(name: str, epochs: int) -> dict[str, Any]:
    """Steps per second, the end of the first epoch from the start of the process, and peak memory, of the Keras at hand."""
    import resource

    if os.environ.get("TRAINING_BACKEND") == "tensorflow":
        import keras
    else:
        from cornu import keras
    import numpy as np

    model, x, y, batch = build(keras, name)
    random = np.random.default_rng(1)
    model.set_weights([
        np.abs(random.normal(1, 0.05, w.shape)) if w.name in ("gamma", "moving_variance")
        else random.normal(0, 1 / np.sqrt(max(np.prod(w.shape[:-1]), 1)), w.shape) * (w.name != "bias") for w in model.weights
    ])  # fmt: skip
    model.compile(keras.optimizers.SGD(0.01), "sparse_categorical_crossentropy")
    first = model.fit(x, y, batch_size=batch, shuffle=False, verbose=0).history["loss"][0]
    first_epoch = time.clock_gettime(time.CLOCK_MONOTONIC) - float(os.environ["TRAINING_STARTED"])
    seconds = []
    for _ in range(epochs):
        start = time.perf_counter()
        model.fit(x, y, batch_size=batch, shuffle=False, verbose=0)
        seconds.append(time.perf_counter() - start)
    return {"steps_per_s": MODELS[name] / min(seconds), "first_epoch_s": first_epoch, "first_loss": first,
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}  # fmt: skip


def run(python: str, backend: str, name: str, epochs: int) -> dict[str, Any]:
    """measure() in a process of another Python."""
    started = str(time.clock_gettime(time.CLOCK_MONOTONIC))
    environment = {**os.environ, "TRAINING_BACKEND": backend, "TRAINING_STARTED": started, "TF_CPP_MIN_LOG_LEVEL": "3"}
    command = [python, __file__, "--measure", name, "--epochs", str(epochs)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Measures and prints a line per model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", nargs="*", default=list(MODELS))
    parser.add_argument("--peer", help="the Python of an environment with Keras and TensorFlow")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.measure, options.epochs)))
        return
    for name in options.models:
        own = run(sys.executable, "cornu", name, options.epochs)
        line = f"{name:12} {own['steps_per_s']:9.2f} steps/s, first epoch {own['first_epoch_s']:.2f} s, {own['peak_mb']:.0f} MB"
        if options.peer:
            peer = run(options.peer, "tensorflow", name, options.epochs)
            differs = abs(own["first_loss"] - peer["first_loss"]) / max(abs(peer["first_loss"]), 1e-6)
            line += (f"; TensorFlow {peer['steps_per_s']:.2f}, {peer['first_epoch_s']:.2f} s, {peer['peak_mb']:.0f} MB; "
                     f"ratio {own['steps_per_s'] / peer['steps_per_s']:.2f}, losses differ by {differs:.1e}")  # fmt: skip
        print(line, flush=True)


if __name__ == "__main__":
    main()
