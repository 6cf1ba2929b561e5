"""Writes tests/golden/python/building.json and .npz: what real Keras makes of tests/python/building_models.py.

Per model: the names of its layers, the shapes of its weights, inputs and outputs, and its answers for the weights and inputs
of arrays_for(). With --check it tells, in plain Python, whether the file of models changed since.
Example: .venv-golden/bin/python tools/golden_building.py
"""

import hashlib
import json
import os
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
MODELS = ROOT / "tests/python/building_models.py"
TARGET = ROOT / "tests/golden/python/building.json"


def main() -> int:
    """Writes or checks the golden; the exit status."""
    digest = hashlib.sha256(MODELS.read_bytes()).hexdigest()
    if "--check" in sys.argv[1:]:
        current = TARGET.exists() and json.loads(TARGET.read_text())["sha256"] == digest
        print("current" if current else "stale: run tools/golden_building.py")
        return 0 if current else 1
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    sys.path.insert(0, str(MODELS.parent))
    import building_models
    import keras
    import numpy as np

    facts: dict[str, dict] = {}
    arrays = {}
    for number, make in enumerate(building_models.MODELS):
        keras.backend.clear_session()
        model = make(keras)
        weights, inputs = building_models.arrays_for(model, number)
        model.set_weights(weights)
        answers = model(inputs if len(inputs) > 1 else inputs[0], training=False)
        for i, answer in enumerate(answers if isinstance(answers, list) else [answers]):
            arrays[f"{make.__name__}/{i}"] = np.asarray(answer)
        facts[make.__name__] = {
            "layers": [layer.name for layer in model.layers],
            "weights": [list(weight.shape) for weight in model.weights],
            "inputs": [list(tensor.shape) for tensor in model.inputs],
            "outputs": [list(tensor.shape) for tensor in model.outputs],
        }
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(json.dumps({"sha256": digest, "keras": keras.__version__, "models": facts}, indent=1) + "\n")
    np.savez_compressed(TARGET.with_suffix(".npz"), **arrays)
    return 0


if __name__ == "__main__":
    sys.exit(main())
