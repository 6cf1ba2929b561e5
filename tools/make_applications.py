"""Makes keras.applications networks with random weights whose answers depend on the image; too big to keep in git.

    tools/make_applications.py OUTDIR [NAME...]

Writes OUTDIR/NAME.h5, NAME.keras and NAME.npz (`input_0`: 2 images as the network wants them, `output_0`: Keras's answer).
A deep network with Keras's initial weights answers the same for every image, and a test on it proves nothing. So here:
  batch normalisations   get random gamma and beta, and the statistics of 8 made-up images as moving mean and variance
  layer normalisations,  get random gamma and beta; ConvNeXt's LayerScale starts at 1e-6, which would switch every block
  layer scales           off, and gets values around 0.5
  other kernels          of networks without batch normalisation: unit gain for ReLU (He et al. 2015, arXiv:1502.01852)
  the last layer         is centred on the images and scaled, so that the logits spread by `SPREAD` from image to image
The tool refuses to write a network whose answers for the two images are alike, or not finite.
"""

from __future__ import annotations

import argparse
import contextlib
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
SPREAD = 1.5  # standard deviation of a logit over images: answers clearly differ, the softmax does not saturate
LEAST_DIFFERENCE = 0.2  # of two images' answers, relative to the largest


def images(count: int, size: int, rng: np.random.Generator) -> np.ndarray:
    """Made-up photographs, float32 [count, size, size, 3] in 0..255: blobs of several sizes, a tint, some noise."""
    result = np.zeros((count, size, size, 3))
    for cells, weight in ((2, 1.0), (5, 0.8), (14, 0.6), (40, 0.4), (size, 0.25)):
        coarse = rng.normal(0.0, weight, (count, cells, cells, 3))
        nearest = np.arange(size) * cells // size
        result += coarse[:, nearest][:, :, nearest]
    result += rng.normal(0.0, 0.5, (count, 1, 1, 3))
    return (255 / (1 + np.exp(-1.2 * result))).astype(np.float32)


def head_of(model: Any) -> Any:
    """The last layer with a kernel: it makes the logits."""
    return [layer for layer in model.layers if hasattr(layer, "kernel")][-1]


def randomise(model: Any, has_batch_norm: bool, bias_scale: float, rng: np.random.Generator) -> None:
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
                variable.assign(rng.normal(0.0, 0.2, shape))
            elif variable.name == "bias":
                variable.assign(rng.normal(0.0, bias_scale, shape))
            elif variable.name == "kernel" and not has_batch_norm:
                fan_in = shape[0] * shape[1] if kind == "DepthwiseConv2D" else int(np.prod(shape[:-1]))
                variable.assign(rng.normal(0.0, np.sqrt(2.0 / fan_in), shape))


@contextlib.contextmanager
def calibrating(model: Any) -> Iterator[None]:
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


def scale_head(model: Any, x: np.ndarray, rng: np.random.Generator) -> None:
    """Sets the last layer's bias and the size of its kernel so that logits centre on 0 and spread by SPREAD."""
    head = head_of(model)
    features = np.asarray(keras.Model(model.inputs, head.input).predict(x, verbose=0))
    kernel = np.asarray(head.kernel)
    logits = features.reshape(len(x), -1) @ kernel.reshape(-1, kernel.shape[-1])
    gain = SPREAD / logits.std(axis=0).mean()
    head.kernel.assign(kernel * gain)
    head.bias.assign(rng.normal(0.0, 0.1, kernel.shape[-1]) - gain * logits.mean(axis=0))


def make(name: str, folder: Path) -> str:
    """Makes one network and writes its files; returns a line about it. Raises ValueError if its answers prove nothing."""
    keras.backend.clear_session()
    keras.utils.set_random_seed(1)
    rng = np.random.default_rng(list(MODULES).index(name))
    model = getattr(keras.applications, name)(weights=None)
    size = model.input_shape[1]
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

    y = model.predict(x[:2], verbose=0)
    difference = float(np.abs(y[0] - y[1]).max() / y.max())
    if not np.isfinite(y).all() or difference < LEAST_DIFFERENCE:
        raise ValueError(f"{name}: answers of two images differ by {difference:.2g} of the largest, {y.max():.2g}")
    model.save(str(folder / f"{name}.keras"))
    model.save(str(folder / f"{name}.h5"))
    np.savez(folder / f"{name}.npz", input_0=x[:2], output_0=y)
    return (
        f"{name}: {model.count_params()} parameters, largest answer {y.max():.3f}, "
        f"two images differ by {difference:.0%} of it"
    )


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
    for name in arguments.names or MODULES:
        start = time.monotonic()
        print(f"{make(name, arguments.folder)}, {time.monotonic() - start:.0f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
