"""Names and paths of weights are Keras's, for every golden of a layer (tools/golden_scripts.py paths)."""

from __future__ import annotations

import numpy as np
import pytest
from cases import FOLDER
from cornu import keras

LAYERS = FOLDER.parent / "layers"
# Keras numbers weights without a name through the whole process ("variable_1").
UNNAMED = ("layer_scale",)
# Keras lists the kernel that SpectralNormalization borrows, and those that quantize() makes anew, at other places; kernels of GPTQ
# and AWQ are "quantized_kernel" here, as the layer's attribute is, and "kernel" there.
OTHER_ORDER = ("spectral_normalization", "masks_of_layers", "quantized")


def stored() -> dict[str, list[str]]:
    with np.load(FOLDER / "paths.npz") as arrays:
        return {name: arrays[name].tolist() for name in arrays.files}


PATHS = {name: paths for name, paths in stored().items() if not name.startswith(UNNAMED)}


@pytest.mark.parametrize("name", sorted(PATHS))
def test_weights_have_keras_s_paths(name: str) -> None:
    weights = keras.models.load_model(LAYERS / name).weights
    paths, expected = [weight.path for weight in weights], PATHS[name]
    if name.startswith(OTHER_ORDER):
        paths, expected = sorted(path.replace("quantized_kernel", "kernel") for path in paths), sorted(expected)
    assert paths == expected
    assert [weight.name for weight in weights] == [weight.path.rsplit("/", 1)[-1] for weight in weights]
