"""Makes keras.applications networks with random weights whose answers depend on the image; too big to keep in git.

    tools/make_applications.py OUTDIR [NAME...]

Writes OUTDIR/NAME.h5, NAME.keras and NAME.npz (`input_0`: 2 images as the network wants them, `output_0`: Keras's
answer, computed in float64).
A deep network with Keras's initial weights answers the same for every image, and a test on it proves nothing. So here:
  batch normalisations   get random gamma and beta, and the statistics of 8 made-up images as moving mean and variance
  layer normalisations,  get random gamma and beta; ConvNeXt's LayerScale starts at 1e-6, which would switch every block
  layer scales           off, and gets values around 0.5
  other kernels          of networks without batch normalisation: unit gain for ReLU (He et al. 2015, arXiv:1502.01852)
  the last layer         is centred on the images and scaled, so that the logits spread by `SPREAD` from image to image
The tool refuses to write a network whose answers for the two images are alike or not finite, or where Keras's own
rounding errors are so large that a comparison within 1e-5 would be luck.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import golden_env

golden_env.enter()

import keras  # noqa: E402
import numpy as np  # noqa: E402

# The module of keras.applications that has the network's preprocess_input.
MODULES = {
    "MobileNetV2": "mobilenet_v2",
    "ResNet50": "resnet",
    "VGG16": "vgg16",
    "ResNet50V2": "resnet_v2",
    "MobileNet": "mobilenet",
    "MobileNetV3Small": "mobilenet_v3",
    "EfficientNetB0": "efficientnet",
    "EfficientNetV2B0": "efficientnet_v2",
    "DenseNet121": "densenet",
    "InceptionV3": "inception_v3",
    "Xception": "xception",
    "NASNetMobile": "nasnet",
    "ConvNeXtTiny": "convnext",
}
CALIBRATION_IMAGES = 8
# Mean beta of a batch normalisation. At 0, normalisation and ReLU together amplify a rounding error by
# sqrt(pi / (pi - 1)) = 1.21 a layer (Yang et al. 2019, arXiv:1902.08129), 1e4 in 50: no two programs would agree.
# At 1 it is 1.06, and a ReLU still cuts every sixth value.
OFFSET = 1.0
# Standard deviation of an image's colour, before squashing. Pooling averages everything else away: with little of it
# the last layer would magnify small differences of large numbers, and rounding errors with them.
TINT = 1.5
SPREAD = 0.4  # standard deviation of a logit over images: answers clearly differ, rounding errors stay small
LEAST_DIFFERENCE = 0.2  # of two images' answers, relative to the largest
MOST_ROUNDING = 5e-6  # of Keras in float32 against float64, relative to the largest answer: tests ask for 1e-5


def images(count: int, size: int, rng: np.random.Generator) -> np.ndarray:
    """Made-up photographs, float32 [count, size, size, 3] in 0..255: a colour, blobs of several sizes, some noise."""
    result = np.zeros((count, size, size, 3))
    for cells, weight in ((1, TINT), (3, 0.6), (10, 0.4), (40, 0.3), (size, 0.2)):
        coarse = rng.normal(0.0, weight, (count, cells, cells, 3))
        nearest = np.arange(size) * cells // size
        result += coarse[:, nearest][:, :, nearest]
    return (255 / (1 + np.exp(-result))).astype(np.float32)


def head_of(model: keras.Model) -> Any:
    """The last layer with a kernel: it makes the logits."""
    return [layer for layer in model.layers if hasattr(layer, "kernel")][-1]


def randomise(model: keras.Model, has_batch_norm: bool, bias_scale: float, rng: np.random.Generator) -> None:
    """Gives scales, offsets and biases random values, and kernels the gain that keeps the signal's size."""
    for layer in model.layers:
        kind = type(layer).__name__
        for variable in layer.trainable_variables:
            shape = tuple(variable.shape)
            if variable.name == "gamma" and kind == "LayerScale":
                variable.assign(rng.uniform(0.2, 0.8, shape) * rng.choice([-1.0, 1.0], shape))
            elif variable.name == "gamma":
                variable.assign(rng.uniform(0.7, 1.3, shape))
            elif variable.name == "beta":
                variable.assign(rng.normal(OFFSET if kind == "BatchNormalization" else 0.0, 0.4, shape))
            elif variable.name == "bias":
                variable.assign(rng.normal(0.0, bias_scale, shape))
            elif variable.name == "kernel" and not has_batch_norm:
                fan_in = shape[0] * shape[1] if kind == "DepthwiseConv2D" else int(np.prod(shape[:-1]))
                variable.assign(rng.normal(0.0, np.sqrt(2.0 / fan_in), shape))


@contextlib.contextmanager
def calibrating(model: keras.Model) -> Iterator[None]:
    """Batch normalisations take the statistics of the next training step as they are, and nothing is dropped out."""
    settings = [
        (layer, name, value)
        for layer in model.layers
        for kind, name, value in (("BatchNormalization", "momentum", 0.0), ("Dropout", "rate", 0.0))
        if type(layer).__name__ == kind
    ]
    kept = [getattr(layer, name) for layer, name, _ in settings]
    for layer, name, value in settings:
        setattr(layer, name, value)
    yield
    for (layer, name, _), value in zip(settings, kept, strict=True):
        setattr(layer, name, value)


def scale_head(model: keras.Model, x: np.ndarray, rng: np.random.Generator) -> None:
    """Sets the last layer's bias and the size of its kernel so that logits centre on 0 and spread by SPREAD."""
    head = head_of(model)
    features = np.asarray(keras.Model(model.inputs, head.input).predict(x, verbose=0))
    kernel = np.asarray(head.kernel)
    logits = features.reshape(len(x), -1) @ kernel.reshape(-1, kernel.shape[-1])
    gain = SPREAD / logits.std(axis=0).mean()
    head.kernel.assign(kernel * gain)
    head.bias.assign(rng.normal(0.0, 0.1, kernel.shape[-1]) - gain * logits.mean(axis=0))


def exact(model: keras.Model, x: np.ndarray) -> np.ndarray:
    """What the network answers when Keras computes in float64."""
    config = json.loads(json.dumps(model.get_config()).replace('"float32"', '"float64"'))
    keras.backend.set_floatx("float64")
    twin = type(model).from_config(config)
    keras.backend.set_floatx("float32")
    twin.set_weights(model.get_weights())
    for layer in twin.layers:
        if isinstance(layer, keras.layers.Normalization):
            layer.finalize_state()  # it works from constants that it derives from its weights
    return twin.predict(x.astype(np.float64), verbose=0)


def make(name: str, folder: Path) -> str:
    """Makes one network, writes its files, returns a line about it. Raises ValueError if its answers prove nothing."""
    keras.backend.clear_session()
    keras.utils.set_random_seed(1)
    rng = np.random.default_rng(list(MODULES).index(name))
    model = getattr(keras.applications, name)(weights=None)
    size = model.input_shape[1] or 224
    pixels = images(CALIBRATION_IMAGES + 2, size, rng)
    preprocess = getattr(keras.applications, MODULES[name]).preprocess_input
    x = np.asarray(preprocess(pixels.copy()), np.float32)
    norms = [layer for layer in model.layers if type(layer).__name__ == "BatchNormalization"]
    # Networks that preprocess inside work on values around 1 whatever their input, so their biases are small.
    inside = any(type(layer).__name__ in ("Rescaling", "Normalization") for layer in model.layers)
    randomise(model, bool(norms), 0.05 * (1.0 if inside else float(x.std())), rng)
    for layer in model.layers:
        if type(layer).__name__ == "Normalization" and layer.input_mean is None:
            layer.adapt(keras.Model(model.inputs, layer.input).predict(x[2:], verbose=0))
    if norms:
        with calibrating(model):
            model(x[2:], training=True)
    scale_head(model, x[2:], rng)

    y = exact(model, x[:2])
    rounding = float(np.abs(model.predict(x[:2], verbose=0) - y).max() / y.max())
    difference = float(np.abs(y[0] - y[1]).max() / y.max())
    report = f"largest answer {y.max():.4f}, two images differ by {difference:.0%} of it, float32 by {rounding:.1e}"
    if not (np.isfinite(y).all() and difference >= LEAST_DIFFERENCE and rounding <= MOST_ROUNDING):
        raise ValueError(f"{name} is no good test: {report}")
    model.save(str(folder / f"{name}.keras"))
    model.save(str(folder / f"{name}.h5"))
    np.savez(folder / f"{name}.npz", input_0=x[:2], output_0=y.astype(np.float32))
    return f"{name}: {model.count_params()} parameters, {report}"


def main() -> int:
    """Runs the command line; returns the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", metavar="OUTDIR", type=Path)
    parser.add_argument("names", metavar="NAME", nargs="*", help=f"default: {' '.join(MODULES)}")
    arguments = parser.parse_args()
    unknown = sorted(set(arguments.names) - set(MODULES))
    if unknown:
        sys.exit(f"{unknown[0]} is not one of {' '.join(MODULES)}")
    arguments.folder.mkdir(parents=True, exist_ok=True)
    failed = False
    for name in arguments.names or MODULES:
        start = time.monotonic()
        try:
            print(f"{make(name, arguments.folder)}, {time.monotonic() - start:.0f} s", flush=True)
        except ValueError as error:
            failed = True
            print(error, file=sys.stderr, flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
