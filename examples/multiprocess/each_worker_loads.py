"""Pattern 1: each worker of a pool loads the model and predicts.

A script for Keras with one line changed: `import keras` has become `from cornu import keras`.

    each_worker_loads.py [MODEL [METHOD]]
"""

import multiprocessing
import sys
from pathlib import Path

import numpy as np
from cornu import keras

DIGITS = Path(__file__).resolve().parents[1] / "digits"


def worker(task):
    path, images = task
    model = keras.models.load_model(path, compile=False)
    return model.predict(images, verbose=0).argmax(axis=1)


def main():
    path = sys.argv[1] if len(sys.argv) > 1 else str(DIGITS / "digits.keras")
    multiprocessing.set_start_method(sys.argv[2] if len(sys.argv) > 2 else "spawn")
    images = np.load(DIGITS / "digits.npz")["input_0"]
    with multiprocessing.Pool(4) as pool:
        digits = np.concatenate(pool.map(worker, [(path, part) for part in np.array_split(images, 4)]))
    print(*digits, sep="")


if __name__ == "__main__":
    main()
