"""Writes src/export/keras3_arguments.inc: what the constructors of real Keras's classes take.

With --check it fails if the file is not what this Keras would give.
Example: .venv-golden/bin/python tools/keras_arguments.py
"""

import inspect
import os
import pathlib
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras

TARGET = pathlib.Path(__file__).resolve().parent.parent / "src/export/keras3_arguments.inc"
MODULES = ("layers", "initializers", "regularizers", "constraints")
# Every layer takes the first five; the others are fixed by the class, or no part of a config.
LEFT_OUT = {"name", "trainable", "dtype", "autocast", "activity_regularizer", "rank", "pool_dimensions", "pool_mode",
            "input_tensor", "weights"}  # fmt: skip
BASES = {"Layer", "Operation", "KerasSaveable", "object"}


def arguments(cls: type) -> list[str]:
    """The names that a config of the class may hold, in the order of the constructor."""
    found: dict[str, None] = {}
    for base in cls.__mro__:
        if base.__name__ in BASES:
            break
        if "__init__" not in base.__dict__:
            continue
        parameters = inspect.signature(base.__init__).parameters.values()
        found.update({p.name: None for p in parameters if p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)})
        if not any(p.kind == p.VAR_KEYWORD for p in parameters):
            break
    return [name for name in found if name != "self" and name not in LEFT_OUT]


def table() -> str:
    """The file's text."""
    lines = [f"// Made by tools/keras_arguments.py with Keras {keras.__version__}; not edited by hand."]
    for module in MODULES:
        namespace = getattr(keras, module)
        for name in sorted(dir(namespace)):
            cls = getattr(namespace, name)
            if inspect.isclass(cls) and cls.__name__ == name and name not in ("Layer", "InputSpec"):
                lines.append(f'{{"keras.{module}", "{name}", "{" ".join(arguments(cls))}"}},')
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(0 if TARGET.read_text() == table() else f"{TARGET} is not what Keras {keras.__version__} gives")
    TARGET.write_text(table())
