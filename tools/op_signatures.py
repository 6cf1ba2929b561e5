"""Writes python/cornu/keras/_op_signatures.py: the functions of real Keras's keras.ops and the operations that they make.

With --check it fails if the file is not what this Keras would give.
Example: .venv-golden/bin/python tools/op_signatures.py
"""

from __future__ import annotations

import ast
import inspect
import os
import pathlib
import sys
import textwrap
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras

TARGET = pathlib.Path(__file__).resolve().parent.parent / "python/cornu/keras/_op_signatures.py"
SPACES = {"": keras.ops, "image.": keras.ops.image, "linalg.": keras.ops.linalg, "nn.": keras.ops.nn, "numpy.": keras.ops.numpy}
HEAD = '''"""Functions of keras.ops: the operation that each makes of symbolic tensors.

By name, without the namespace where keras.ops itself has the function: class, module, the function's parameters with their
defaults (`...` where there is none; "*" before one that takes the rest), which of them are the operation's config, and which are
arguments of its call, by position and by name.

Made by tools/op_signatures.py with Keras {version}; not edited by hand.
"""

# ruff: noqa: E501
from typing import Any

OPERATIONS: dict[str, tuple[str, str, dict[str, Any], dict[str, str], list[str], dict[str, str]]] = {{
'''


def made_by(function: Any) -> ast.Call | None:
    """The call `Operation(config).symbolic_call(arguments)` in a function's source."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    for call in ast.walk(tree):
        symbolic = isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "symbolic_call"
        if symbolic and isinstance(call.func.value, ast.Call):
            return call
    return None


def plain(value: Any) -> bool:
    return value is None or isinstance(value, bool | int | float | str | tuple)


def row(function: Any) -> tuple[Any, ...] | None:
    """What the file says of a function; None if it makes no operation, or not by its parameters alone."""
    call = made_by(function)
    if call is None:
        return None
    made = call.func.value
    operation = getattr(sys.modules[function.__module__], made.func.id)
    names = [p for p in inspect.signature(operation.__init__).parameters if p != "self"]
    parameters: dict[str, Any] = {}
    for item in inspect.signature(function).parameters.values():
        if item.kind == item.VAR_KEYWORD:
            continue
        default = ... if item.default is item.empty else item.default if plain(item.default) else str(item.default)
        parameters["*" + item.name if item.kind == item.VAR_POSITIONAL else item.name] = default

    def name_of(node: ast.expr) -> str:
        return "*" + node.value.id if isinstance(node, ast.Starred) else node.id

    try:
        config = dict(zip(names, [name_of(item) for item in made.args], strict=False))
        config |= {item.arg: name_of(item.value) for item in made.keywords if item.arg}
        positional = [name_of(item) for item in call.args]
        named = {item.arg: name_of(item.value) for item in call.keywords if item.arg}
    except AttributeError:  # a constant or an expression
        return None
    config.pop("name", None)
    return operation.__name__, operation.__module__, parameters, config, positional, named


def text() -> str:
    """The file."""
    lines = [HEAD.format(version=keras.__version__)]
    for space, module in SPACES.items():
        for name, function in sorted(vars(module).items()):
            if name.startswith("_") or not inspect.isfunction(function) or (space and getattr(keras.ops, name, None) is function):
                continue
            found = row(function)
            if found is not None:
                parameters = ", ".join(f"{k!r}: {'...' if v is ... else repr(v)}" for k, v in found[2].items())
                rest = ", ".join(repr(part) for part in found[3:])
                lines.append(f"    {space + name!r}: ({found[0]!r}, {found[1]!r}, {{{parameters}}}, {rest}),\n")
    return "".join(lines) + "}\n"


def main() -> int:
    """Writes or checks the file; the exit status."""
    made = text()
    if "--check" in sys.argv[1:]:
        return int(TARGET.read_text() != made)
    TARGET.write_text(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
