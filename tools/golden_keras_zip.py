"""Makes tests/golden/keras_zip with real Keras: a small model as an archive, and its weights in shards.

Run in the environment of tools/golden.py. Weights are counted up from 0, variable after variable, so that tests know them.
"""

import pathlib

import keras
import numpy as np

FOLDER = pathlib.Path(__file__).parent.parent / "tests" / "golden" / "keras_zip"
SHARD_GB = 100 / 1024**3  # 100 bytes a shard


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    layers = [keras.Input((3,)), keras.layers.Dense(4, name="first"), keras.layers.Dense(2, name="second")]
    model = keras.Sequential(layers, name="small")
    start = 0
    for weight in model.weights:
        size = int(np.prod(weight.shape))
        weight.assign(np.arange(start, start + size, dtype=np.float32).reshape(weight.shape))
        start += size
    model.save(FOLDER / "small.keras")
    model.save_weights(FOLDER / "small.weights.json", max_shard_size=SHARD_GB)


if __name__ == "__main__":
    main()
