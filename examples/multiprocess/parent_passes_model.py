"""Pattern 2: the parent loads the model and passes it to its workers, of a pool and of its own.

A script for Keras with one line changed: `import keras` has become `from cornu import keras`.

    parent_passes_model.py [MODEL [METHOD]]
"""

import multiprocessing
import sys
from functools import partial
from pathlib import Path

import numpy as np
from cornu import keras

DIGITS = Path(__file__).resolve().parents[1] / "digits"


def worker(model, images):
    return model.predict(images, verbose=0).argmax(axis=1)


def process_worker(model, images=None, queue=None):
    queue.put(worker(model, images))


def main():
    path = sys.argv[1] if len(sys.argv) > 1 else str(DIGITS / "digits.keras")
    multiprocessing.set_start_method(sys.argv[2] if len(sys.argv) > 2 else "spawn")
    images = np.load(DIGITS / "digits.npz")["input_0"]
    model = keras.models.load_model(path, compile=False)
    with multiprocessing.Pool(4) as pool:
        parts = pool.starmap(worker, [(model, part) for part in np.array_split(images, 4)])
        again = pool.map(partial(worker, model), np.array_split(images, 4))
    print(*np.concatenate(parts), sep="")
    print(*np.concatenate(again), sep="")

    queue = multiprocessing.Queue()
    process = multiprocessing.Process(target=process_worker, args=(model,), kwargs={"images": images, "queue": queue})
    process.start()
    print(*queue.get(), sep="")
    process.join()


if __name__ == "__main__":
    main()
