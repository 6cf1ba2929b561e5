"""Writes tests/golden/python/{building,scoring,training,composite,paths}*: what real Keras makes of the scripts of SCRIPTS.

building: per model the names of its layers, the shapes of its weights, inputs and outputs, and its answers for the weights and
inputs of arrays_for(). scoring: per loss the values of its batches, per metric what it tells after them. training: per case the
history of fit(), the weights afterwards, and shapes of the optimizer's variables. composite: models of custom layers and what they
answer. paths: of the weights of tests/golden/layers.
With --check it tells, in plain Python, whether one of the scripts changed since.
Example: .venv-golden/bin/python tools/golden_scripts.py [building | scoring | training | training_models | composite | paths]
"""

import hashlib
import importlib
import json
import os
import pathlib
import sys
from typing import Any

ROOT = pathlib.Path(__file__).resolve().parent.parent
SCRIPTS = {
    "building": ROOT / "tests/python/building_models.py",
    "scoring": ROOT / "tests/python/scoring_cases.py",
    "training": ROOT / "tests/python/training_cases.py",
    "training_models": ROOT / "tests/python/training_models.py",
    "composite": ROOT / "tests/python/composite_objects.py",
    "paths": ROOT / "tests/golden/ORIGIN.json",
}
TARGET = ROOT / "tests/golden/python"


def digest(name: str) -> str:
    """SHA-256 of a script, in hex."""
    return hashlib.sha256(SCRIPTS[name].read_bytes()).hexdigest()


def is_current(name: str) -> bool:
    """Whether the golden was made of the script as it is."""
    path = TARGET / f"{name}.json"
    return path.exists() and json.loads(path.read_text())["sha256"] == digest(name)


def building(keras: Any, np: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Facts and answers of the models."""
    import building_models

    facts: dict[str, Any] = {}
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
            "paths": [weight.path for weight in model.weights],
            "inputs": [list(tensor.shape) for tensor in model.inputs],
            "outputs": [list(tensor.shape) for tensor in model.outputs],
        }
    return {"models": facts}, arrays


def scoring(keras: Any, np: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Values of losses and metrics."""
    import building_models
    import scoring_cases

    results = []
    for name, arguments, targets, weights, more in scoring_cases.evaluations():
        make = getattr(building_models, name)
        keras.backend.clear_session()
        model = make(keras)
        values, inputs = building_models.arrays_for(model, building_models.MODELS.index(make))
        model.set_weights([value * 0.3 for value in values])
        model.compile(**arguments)
        x, y = (items if len(items) > 1 else items[0] for items in (inputs, targets))
        named = model.evaluate(x, y, sample_weight=weights, verbose=0, return_dict=True, **more)
        listed = model.evaluate(x, y, sample_weight=weights, verbose=0, **more)
        results.append({"named": named, "listed": listed})
    arrays = {}
    for i, (name, arguments, batches) in enumerate(scoring_cases.losses()):
        loss = getattr(keras.losses, name)(**arguments)
        for k, (true, pred, weight) in enumerate(batches):
            arrays[f"loss/{i}/{k}"] = np.asarray(loss(true, pred, sample_weight=weight))
    for i, (name, arguments, batches) in enumerate(scoring_cases.metrics()):
        metric = getattr(keras.metrics, name)(**arguments)
        for true, pred, weight in batches:
            metric.update_state(true, pred, sample_weight=weight)
        arrays[f"metric/{i}"] = np.asarray(metric.result())
    return {"evaluations": results}, arrays


def training(keras: Any, np: Any, script: str = "training_cases") -> tuple[dict[str, Any], dict[str, Any]]:
    """Histories, weights and shapes of the optimizer's variables."""
    training_cases = importlib.import_module(script)
    histories, shapes, arrays = {}, {}, {}
    for case in training_cases.cases():
        keras.backend.clear_session()
        histories[case.name], weights, model = training_cases.run(keras, case)
        arrays.update({f"{case.name}/{i}": np.asarray(weight) for i, weight in enumerate(weights)})
        shapes[case.name] = [list(item.shape) for item in model.optimizer.variables]
    return {"histories": histories, "variables": shapes}, arrays


def training_models(keras: Any, np: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The same of other models."""
    return training(keras, np, "training_models")


def composite(keras: Any, np: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Answers of models of custom layers, which are stored beside."""
    import composite_objects
    from golden_build import reproducible

    arrays = {}
    keras.utils.set_random_seed(8)
    rng = np.random.default_rng(8)
    for name, model in composite_objects.models(keras, composite_objects.define(keras)).items():
        shape = (3, *composite_objects.INPUTS[name])
        x = rng.integers(0, 20, shape) if name in composite_objects.WHOLE else rng.normal(size=shape).astype(np.float32)
        model(x)
        model.set_weights([rng.uniform(0.1, 0.9, w.shape).astype(w.dtype) - 0.4 * (w.ndim > 1) for w in model.get_weights()])
        arrays[f"{name}/x"], arrays[f"{name}/y"] = x, np.asarray(model(x, training=False))
        with reproducible():
            model.save(TARGET / f"composite_{name}.keras")
            if name != "perceptron":  # Keras does not write models without a graph as HDF5
                model.save(TARGET / f"composite_{name}.h5")
    return {}, arrays


def paths(keras: Any, np: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Paths of the weights of the layers' goldens."""
    arrays = {}
    for file in sorted((ROOT / "tests/golden/layers").glob("*.keras")):
        if "keras2" not in file.name:
            keras.backend.clear_session()
            try:
                model = keras.models.load_model(file, compile=False)
            except Exception as error:  # Keras does not read all that it writes
                print(f"{file.name}: {str(error).splitlines()[0]}")
                continue
            arrays[file.name] = np.array([weight.path for weight in model.weights], str)
    return {}, arrays


def main() -> int:
    """Writes or checks the goldens; the exit status."""
    if "--check" in sys.argv[1:]:
        stale = [name for name in SCRIPTS if not is_current(name)]
        print(f"stale: {', '.join(stale)}; run tools/golden_scripts.py" if stale else "current")
        return 1 if stale else 0
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    sys.path.insert(0, str(SCRIPTS["building"].parent))
    import keras
    import numpy as np

    wanted = sys.argv[1:] or list(SCRIPTS)
    makers = {
        "building": building, "scoring": scoring, "training": training, "training_models": training_models,
        "composite": composite, "paths": paths,
    }  # fmt: skip
    for name, make in makers.items():
        if name not in wanted:
            continue
        facts, arrays = make(keras, np)
        text = json.dumps({"sha256": digest(name), "keras": keras.__version__, **facts}, indent=1)
        (TARGET / f"{name}.json").write_text(text + "\n")
        np.savez_compressed(TARGET / f"{name}.npz", **arrays)
    return 0


if __name__ == "__main__":
    sys.exit(main())
