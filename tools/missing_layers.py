"""Tells what real Keras has and Cornu lacks: layers, functions of keras.ops, activations.

    tools/missing_layers.py            compares with the stored names of tests/golden/keras_names.json; plain Python 3
    tools/missing_layers.py --store    stores the names of real Keras first; runs in the interpreter at hand or in
                                       .venv-golden (see tools/golden_env.py)

What Cornu knows is read from its sources: `keras_names` in src/layers/*.cc, the operator tables in
src/layers/common_operator_*.cc and the activations in src/layers/common_activation.cc. Exit status 1 if anything is
missing that is not listed below with a reason, or if the names are those of other versions than the goldens'.
"""

from __future__ import annotations

import importlib
import inspect
import json
import re
import sys
from typing import Any

import golden_env

LAYERS = golden_env.ROOT / "src" / "layers"
NAMES = golden_env.ROOT / "tests" / "golden" / "keras_names.json"

# What no model file can hold, or what needs code that Cornu never runs.
NOT_WANTED = {
    "Layer": "abstract",
    "Wrapper": "abstract",
    "AbstractRNNCell": "abstract",
    "FlaxLayer": "runs a Flax module",
    "JaxLayer": "runs a JAX function",
    "TorchModuleWrapper": "runs a PyTorch module",
    "TFSMLayer": "opens a SavedModel at a path",
    "DenseFeatures": "runs feature columns",
    "Map": "takes a function",
    "Scan": "takes a function",
    "AssociativeScan": "takes a function",
    "Switch": "takes functions",
    "WhileLoop": "takes functions",
    "ForiLoop": "takes a function",
    "Cond": "takes functions",
    "VectorizedMap": "takes a function",
    "JVP": "takes a function",
    "SegmentReduction": "abstract",
    "threshold": "takes arguments that a name cannot give",
    "Eig": "its results are complex",
    "Polar": "its results are complex",
    "ViewAsComplex": "its results are complex",
    "ViewAsReal": "takes complex numbers",
    "Argpartition": "Keras's answer depends on its back end, and on rows of the batch on each other",
    "ElasticTransform": "draws random numbers",
    "Histogram": "Keras's own does not run in a model",
    # Refused by name: no model seen so far holds one.
    **dict.fromkeys(["CTCDecode", "CTCLoss"], "refused"),
}
MODULES = ["core", "einops", "image", "linalg", "math", "nn", "numpy"]


def snake_case(name: str) -> str:
    """The name as operator_name() of src/layers/common_operators.cc writes it: LogicalAnd is logical_and."""
    words = ""
    for i, letter in enumerate(name):
        before = name[i - 1] if i else "_"
        after = name[i + 1] if i + 1 < len(name) else ""
        if letter.isupper() and before != "_" and (not before.isupper() or after.islower()):
            words += "_"
        words += letter.lower()
    return words


def known_layers() -> set[str]:
    """Class names of all layers that Cornu has."""
    text = "".join(path.read_text() for path in LAYERS.glob("*.cc"))
    blocks = re.findall(r"keras_names = \{([^}]*)\}", text)
    return {name for block in blocks for name in re.findall(r'"([^"]+)"', block)}


def known_operators() -> set[str]:
    """Names of all functions in the operator tables."""
    names: set[str] = set()
    for path in LAYERS.glob("common_operator_*.cc"):
        table = path.read_text().partition("kOperators[] = {")[2]
        for block in re.findall(r'\{"([a-z0-9_ ]+)",', table):
            names |= set(block.split())
    return names


def known_activations() -> set[str]:
    """Names that common_activation.cc mentions."""
    return set(re.findall(r'"([a-z0-9_]+)"', (LAYERS / "common_activation.cc").read_text()))


def classes(module: Any, base: type) -> list[str]:
    """Names of the sub-classes of `base` that a module offers."""
    return sorted(n for n, c in vars(module).items() if inspect.isclass(c) and issubclass(c, base))


def keras_names() -> dict[str, list[str]]:
    """What real Keras has, by the place where it lies. Runs Keras."""
    import keras
    import tf_keras
    from keras.src.ops.operation import Operation

    names: dict[str, list[str]] = {
        "versions": [f"keras {keras.__version__}", f"tf_keras {tf_keras.__version__}"],
        "keras.layers": classes(keras.layers, keras.layers.Layer),
        "tf_keras.layers": classes(tf_keras.layers, tf_keras.layers.Layer),
    }
    for name in MODULES:
        module = importlib.import_module(f"keras.src.ops.{name}")
        own = [n for n in classes(module, Operation) if getattr(module, n).__module__ == module.__name__]
        names[f"keras.ops.{name}"] = own
    for library, module in (("keras", keras.activations), ("tf_keras", tf_keras.activations)):
        helpers = {"serialize", "deserialize", "get"}
        names[f"{library}.activations"] = [n for n in dir(module) if not n.startswith("_") and n not in helpers]
    return names


def known_at(place: str) -> set[str]:
    """Names that Cornu knows of one place."""
    if place.endswith(".layers"):
        return known_layers()
    return known_operators() if ".ops." in place else known_activations()


def main() -> int:
    """Prints a line for each kind of thing; returns the exit status."""
    if "--store" in sys.argv[1:]:
        golden_env.enter()
        NAMES.write_text(json.dumps(keras_names(), indent=1) + "\n")
    stored = json.loads(NAMES.read_text())
    pinned = golden_env.pinned()
    versions = [f"{library} {pinned[library]}" for library in ("keras", "tf_keras")]
    missing = int(stored["versions"] != versions)
    if missing:
        print(f"the names are those of {stored['versions']}, the goldens are made with {versions}: use --store")
    for place, names in stored.items():
        if place == "versions":
            continue
        known = known_at(place)
        unknown = [n for n in names if (snake_case(n) if ".ops." in place else n) not in known]
        lacking = [n for n in unknown if n not in NOT_WANTED]
        excused = [f"{n} ({NOT_WANTED[n]})" for n in unknown if n in NOT_WANTED]
        print(f"{place}: {len(names)}, {len(lacking)} missing {' '.join(lacking)}".rstrip())
        if excused:
            print(f"    left out: {', '.join(excused)}")
        missing += len(lacking)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
