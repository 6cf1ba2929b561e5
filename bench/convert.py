"""Converts a Keras model for the peers of the benchmarks: FOLDER/NAME.keras to _sm, .onnx, .xml and .tflite.

    ../.venv-golden/bin/python convert.py FOLDER [NAME...]

What exists already is kept. Needs TensorFlow, tf2onnx and OpenVINO (tools/golden-requirements.txt names the versions).
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""}


def lite_of(model: object) -> bytes:
    """The model for LiteRT; recurrent layers, whose lists of tensors need a known batch there, for one row."""
    import keras

    import tensorflow as tf

    try:
        return tf.lite.TFLiteConverter.from_keras_model(model).convert()
    except Exception:
        specs = [tf.TensorSpec([1, *port.shape[1:]], keras.backend.standardize_dtype(port.dtype)) for port in model.inputs]
        function = tf.function(lambda *inputs: model(list(inputs)), input_signature=specs).get_concrete_function()
        return tf.lite.TFLiteConverter.from_concrete_functions([function], model).convert()


def openvino_of(saved: Path, onnx: Path) -> object:
    """The model for OpenVINO; its reader of ONNX does not know every loop that its reader of SavedModels knows."""
    import openvino

    try:
        return openvino.convert_model(onnx)
    except Exception:
        return openvino.convert_model(str(saved))


def convert(base: Path) -> None:
    """Makes what is missing for one model; says what a converter refuses."""
    import keras
    import openvino

    file = base.with_suffix(".keras")
    model = keras.models.load_model(file if file.exists() else base.with_suffix(".h5"), compile=False)
    saved, onnx, lite, vino = Path(f"{base}_sm"), Path(f"{base}.onnx"), Path(f"{base}.tflite"), Path(f"{base}.xml")
    onnx_command = [sys.executable, "-m", "tf2onnx.convert", "--opset", "18", "--saved-model", str(saved), "--output", str(onnx)]
    steps = {
        saved: lambda: model.export(str(saved), verbose=False),
        onnx: lambda: subprocess.run(onnx_command, check=True, capture_output=True),
        vino: lambda: openvino.save_model(openvino_of(saved, onnx), str(vino), compress_to_fp16=False),
        lite: lambda: lite.write_bytes(lite_of(model)),
    }
    for target, make in steps.items():
        if target.exists():
            continue
        try:
            make()
        except Exception as error:  # a converter's own; the other peers go on
            print(f"{target.name} cannot be made: {str(error).splitlines()[0]}", flush=True)


def main() -> None:
    """Runs the command line."""
    folder = Path(sys.argv[1])
    for name in sys.argv[2:] or sorted(path.stem for path in folder.glob("*.npz")):
        convert(folder / name)
        print(name, flush=True)


if __name__ == "__main__":
    main()
