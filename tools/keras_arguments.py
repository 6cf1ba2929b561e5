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
# What every layer takes, unless its constructor hands nothing on: such a class is marked with "!" and lists its own.
OF_EVERY_LAYER = {"name", "trainable", "dtype", "autocast", "activity_regularizer"}
LEFT_OUT = {"self", "rank", "pool_dimensions", "pool_mode", "input_tensor", "weights"}  # fixed by the class, or no config
BASES = {"Layer", "Operation", "KerasSaveable", "object"}


def arguments(cls: type) -> list[str]:
    """The names that a config of the class may hold, in the order of the constructor."""
    found: dict[str, None] = {}
    closed = False
    for base in cls.__mro__:
        if base.__name__ in BASES:
            break
        if "__init__" not in base.__dict__:
            continue
        parameters = inspect.signature(base.__init__).parameters.values()
        found.update({p.name: None for p in parameters if p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)})
        closed = not any(p.kind == p.VAR_KEYWORD for p in parameters)
        if closed:
            break
    names = [name for name in found if name not in LEFT_OUT and (closed or name not in OF_EVERY_LAYER)]
    return ["!", *names] if closed and issubclass(cls, keras.layers.Layer) else names


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
