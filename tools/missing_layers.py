"""Lists what real Keras has and Cornu lacks: layers, functions of keras.ops, activations.

    tools/missing_layers.py            runs in the interpreter at hand or in .venv-golden (see tools/golden_env.py)

What Cornu knows is read from its sources: `keras_names` in src/layers/*.cc, the operator tables in
src/layers/common_operator_*.cc and the activations in src/layers/common_activation.cc. Exit status 1 if anything is
missing that is not listed below with a reason.
"""

from __future__ import annotations

import importlib
import inspect
import re
import sys
from typing import Any

import golden_env

LAYERS = golden_env.ROOT / "src" / "layers"

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


def main() -> int:
    """Prints a line for each kind of thing; returns the exit status."""
    golden_env.enter()
    import keras
    import tf_keras
    from keras.src.ops.operation import Operation

    layers = known_layers()
    operators = known_operators()
    activations = known_activations()
    wanted: dict[str, list[str]] = {
        "keras.layers": [n for n in classes(keras.layers, keras.layers.Layer) if n not in layers],
        "tf_keras.layers": [n for n in classes(tf_keras.layers, tf_keras.layers.Layer) if n not in layers],
    }
    for name in MODULES:
        module = importlib.import_module(f"keras.src.ops.{name}")
        own = [n for n in classes(module, Operation) if getattr(module, n).__module__ == module.__name__]
        wanted[f"keras.ops ({name})"] = [n for n in own if snake_case(n) not in operators]
    for library, module in (("keras", keras.activations), ("tf_keras", tf_keras.activations)):
        functions = [n for n in dir(module) if not n.startswith("_")]
        helpers = {"serialize", "deserialize", "get"}
        wanted[f"{library}.activations"] = [n for n in functions if n not in activations | helpers]
    missing = 0
    for place, names in wanted.items():
        lacking = [n for n in names if n not in NOT_WANTED]
        excused = [f"{n} ({NOT_WANTED[n]})" for n in names if n in NOT_WANTED]
        print(f"{place}: {len(lacking)} missing {' '.join(lacking)}".rstrip())
        if excused:
            print(f"    left out: {', '.join(excused)}")
        missing += len(lacking)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
