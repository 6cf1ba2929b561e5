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


def convert(base: Path) -> None:
    """Makes what is missing for one model."""
    import keras
    import openvino

    import tensorflow as tf

    file = base.with_suffix(".keras")
    model = keras.models.load_model(file if file.exists() else base.with_suffix(".h5"), compile=False)
    saved, onnx, lite = Path(f"{base}_sm"), Path(f"{base}.onnx"), Path(f"{base}.tflite")
    if not saved.exists():
        model.export(str(saved), verbose=False)
    if not lite.exists():
        lite.write_bytes(tf.lite.TFLiteConverter.from_keras_model(model).convert())
    if not onnx.exists():
        command = [sys.executable, "-m", "tf2onnx.convert", "--opset", "18", "--saved-model", str(saved), "--output", str(onnx)]
        subprocess.run(command, check=True, capture_output=True)
    if not base.with_suffix(".xml").exists():
        openvino.save_model(openvino.convert_model(onnx), f"{base}.xml", compress_to_fp16=False)


def main() -> None:
    """Runs the command line."""
    folder = Path(sys.argv[1])
    for name in sys.argv[2:] or sorted(path.stem for path in folder.glob("*.npz")):
        convert(folder / name)
        print(name, flush=True)


if __name__ == "__main__":
    main()
