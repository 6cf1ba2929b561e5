"""Pattern 3: cornu.Pool, workers that share the model and take arrays through shared memory.

    cornu_pool.py [MODEL]
"""

import sys
from pathlib import Path

import cornu
import numpy as np
from cornu import keras

DIGITS = Path(__file__).resolve().parents[1] / "digits"


def main() -> None:
    path = sys.argv[1] if len(sys.argv) > 1 else str(DIGITS / "digits.keras")
    images = np.load(DIGITS / "digits.npz")["input_0"]
    model = keras.models.load_model(path)
    with cornu.Pool(model, workers=4) as pool:
        print(*pool.predict(images).argmax(axis=1), sep="")
        print(*np.concatenate(pool.map(np.array_split(images, 10))).argmax(axis=1), sep="")
        futures = [pool.submit(part, timeout=60) for part in np.array_split(images, 10)]
        print(*np.concatenate([future.result() for future in futures]).argmax(axis=1), sep="")


if __name__ == "__main__":
    main()
