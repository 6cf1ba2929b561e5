"""Writes python/cornu/keras/_signatures.py: what the constructors of real Keras's layers, and of what layers are given, take.

With --check it fails if the file is not what this Keras would give.
Example: .venv-golden/bin/python tools/layer_signatures.py
"""

import inspect
import operator
import os
import pathlib
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras

TARGET = pathlib.Path(__file__).resolve().parent.parent / "python/cornu/keras/_signatures.py"
MODULES = ("layers", "initializers", "regularizers", "constraints", "losses", "metrics", "optimizers",
           "optimizers.schedules")
# Base classes, and what is no layer of a config.
LEFT_OUT = {"Layer", "InputSpec", "Wrapper", "TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer", "InputLayer", "Pipeline",
            "Initializer", "RandomInitializer", "Regularizer", "Constraint", "Loss", "Metric", "Optimizer",
            "LearningRateSchedule"}


def default_of(parameter: inspect.Parameter) -> str:
    """The default as Python text; `...` for an argument that must be given."""
    if parameter.default is parameter.empty:
        return "..."
    value = parameter.default
    return repr(value if value is None or isinstance(value, bool | int | float | str | tuple | list) else str(value))


# Arguments that subclasses give their base classes.
FIXED = {"rank", "pool_dimensions", "pool_mode", "cell", "input_tensor", "num_ops"}


def signature_of(cls: type) -> str:
    """The named arguments of a constructor as a dict, in order; the ones that every layer takes are left out."""
    everywhere = {"self", "trainable", "activity_regularizer", "autocast"}
    if issubclass(cls, keras.layers.Layer):
        everywhere |= {"name", "dtype"}
    found: dict[str, str] = {}
    for base in cls.__mro__:
        if base.__name__ in ("Layer", "Operation", "Loss", "Metric", "object"):
            break
        if "__init__" not in base.__dict__:
            continue
        own = not found and base is cls
        parameters = inspect.signature(base.__init__).parameters.values()
        for item in parameters:
            named = item.kind not in (item.VAR_KEYWORD, item.VAR_POSITIONAL) and item.name not in everywhere
            if named and item.name not in found and (own or (item.name not in FIXED and item.default is not item.empty)):
                found[item.name] = default_of(item)
        if not any(item.kind == item.VAR_KEYWORD for item in parameters):
            break
    return "{" + ", ".join(f"{name!r}: {default}" for name, default in found.items()) + "}"


def text() -> str:
    """The file."""
    lines = ['"""What constructors of Keras take: names, in order, and defaults; `...` where there is none.',
             "", f"Made by tools/layer_signatures.py with Keras {keras.__version__}; not edited by hand.", '"""', ""]
    lines += ["# ruff: noqa: E501", "from typing import Any", ""]
    aliases: dict[str, str] = {}
    for module in MODULES:
        lines.append(f"{module.replace('.', '_').upper()}: dict[str, dict[str, Any]] = {{")
        classes: dict[str, type] = {}
        for name, item in sorted(vars(operator.attrgetter(module)(keras)).items()):
            if inspect.isclass(item) and item.__name__ not in LEFT_OUT and not name.endswith("Wrapper"):
                classes[item.__name__] = item
                if name != item.__name__:
                    aliases[name] = item.__name__
        lines += [f"    {name!r}: {signature_of(item)}," for name, item in sorted(classes.items())]
        lines += ["}", ""]
    lines += ["# Other names of the same classes.", "ALIASES: dict[str, str] = {"]
    lines += [f"    {name!r}: {wanted!r}," for name, wanted in sorted(aliases.items())]
    lines += ["}"]
    return "\n".join(lines).rstrip() + "\n"


def main() -> int:
    """Writes or checks the file; the exit status."""
    made = text()
    if "--check" in sys.argv[1:]:
        current = TARGET.exists() and TARGET.read_text() == made
        print("current" if current else f"{TARGET.name} is stale: run tools/layer_signatures.py")
        return 0 if current else 1
    TARGET.write_text(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
