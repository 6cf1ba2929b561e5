"""Makes the demo's model: a small convolutional network trained on scikit-learn's handwritten digits, in three formats.

    tools/make_digits.py [OUTDIR]        default: examples/digits

Writes digits.keras, digits.h5, digits_saved_model/ (what `model.export` writes) and digits.npz: `input_0` float32
[100, 8, 8, 1] in 0..16, the first 100 test images; `output_0` float32 [100, 10], the probabilities that Keras gives
them; `labels` int64 [100]. The data are 1,797 images of 8 x 8 pixels that come with scikit-learn; every fifth is kept
for testing. Fixed seed; refuses to write a network that gets fewer than `LEAST_ACCURACY` of the test images right.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import golden_env

golden_env.enter()

import keras  # noqa: E402
import numpy as np  # noqa: E402
from golden_build import reproducible  # noqa: E402
from sklearn.datasets import load_digits  # noqa: E402

LEAST_ACCURACY = 0.97
IMAGES = 100


def network() -> keras.Model:
    """Convolutions with batch normalisation, one of them separable, around a residual; 20,000 weights or so."""
    layers = keras.layers
    image = keras.Input((8, 8, 1), name="image")
    x = layers.Rescaling(1 / 16, name="scale")(image)
    x = layers.Conv2D(24, 3, padding="same", use_bias=False, name="conv1")(x)
    x = layers.BatchNormalization(name="bn1")(x)
    x = layers.ReLU(name="relu1")(x)
    y = layers.Conv2D(24, 3, padding="same", use_bias=False, name="conv2")(x)
    y = layers.BatchNormalization(name="bn2")(y)
    x = layers.Add(name="residual")([x, y])
    x = layers.ReLU(name="relu2")(x)
    x = layers.MaxPooling2D(name="pool")(x)
    x = layers.SeparableConv2D(40, 3, padding="same", activation="relu", name="separable")(x)
    x = layers.Conv2D(32, 3, strides=2, padding="same", activation="relu", name="conv3")(x)
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dropout(0.3, name="dropout")(x)
    return keras.Model(image, layers.Dense(10, activation="softmax", name="digit")(x), name="digits")


def main() -> int:
    """Trains, checks and writes; returns the exit status."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else golden_env.ROOT / "examples" / "digits"
    keras.utils.set_random_seed(7)
    images, labels = load_digits(return_X_y=True)
    images = images.reshape(-1, 8, 8, 1).astype(np.float32)
    test = np.arange(len(images)) % 5 == 0

    model = network()
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(images[~test], labels[~test], batch_size=32, epochs=20, verbose=0)
    accuracy = model.evaluate(images[test], labels[test], verbose=0)[1]
    if accuracy < LEAST_ACCURACY:
        sys.exit(f"only {accuracy:.1%} of the test images are right, at least {LEAST_ACCURACY:.0%} are wanted")

    folder.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(folder / "digits_saved_model", ignore_errors=True)
    plain = network()  # never compiled, so without the optimizer, whose moments are twice the size of the model
    plain.set_weights(model.get_weights())
    with reproducible():
        plain.save(folder / "digits.keras")
        plain.save(folder / "digits.h5")
    plain.export(folder / "digits_saved_model", verbose=False)
    chosen = images[test][:IMAGES]
    answers = model.predict(chosen, verbose=0)
    with reproducible():
        np.savez_compressed(
            folder / "digits.npz", input_0=chosen, output_0=answers, labels=labels[test][:IMAGES].astype(np.int64)
        )
    print(f"{model.count_params()} parameters, {accuracy:.1%} of {test.sum()} test images right, in {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
