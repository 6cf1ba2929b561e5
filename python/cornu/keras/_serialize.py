"""Objects of configs (initializers, regularizers, constraints): Keras's classes by name, and their JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cornu.errors import BadArgumentError
from cornu.keras import _signatures


class Configured:
    """A class whose constructor takes what Keras's class of the same name takes, and keeps it for get_config()."""

    _module = ""
    _arguments: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._config = bind(type(self).__name__, self._arguments, args, kwargs)

    def get_config(self) -> dict[str, Any]:
        """The arguments, by name."""
        return dict(self._config)

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Any:
        """An object of get_config()'s result."""
        return cls(**config)

    def __getattr__(self, name: str) -> Any:
        config = self.__dict__.get("_config", {})
        if name in config:
            return config[name]
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._config}>"


def bind(name: str, arguments: dict[str, Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """The values of a constructor's arguments, with defaults. Raises BadArgumentError as a Python call would TypeError."""
    names = list(arguments)
    if len(args) > len(names):
        raise BadArgumentError(f"takes at most {len(names)} arguments ({', '.join(names)}), received {len(args)}", name)
    given = dict(zip(names, args, strict=False))
    unknown = [key for key in kwargs if key not in arguments]
    if unknown:
        raise BadArgumentError(f"does not take {unknown}; it takes {names}", name)
    twice = [key for key in kwargs if key in given]
    if twice:
        raise BadArgumentError(f"received {twice[0]!r} twice", name)
    values = {**arguments, **given, **kwargs}
    missing = [key for key, value in values.items() if value is ...]
    if missing:
        raise BadArgumentError(f"needs the arguments {missing}", name)
    return values


def serialize(item: Any) -> dict[str, Any] | None:
    """Keras 3's JSON of an object; None for none."""
    if item is None:
        return None
    return {
        "module": f"keras.{item._module}",
        "class_name": type(item).__name__,
        "config": item.get_config(),
        "registered_name": None,
    }


def find(identifier: Any, module: str, classes: dict[str, Any], aliases: Mapping[str, str]) -> Any:
    """The object of an identifier: an object, a class, a name in any of Keras's spellings, or Keras's JSON.

    Raises: BadArgumentError with the nearest name for an unknown one.
    """
    if identifier is None or isinstance(identifier, Configured):
        return identifier
    if isinstance(identifier, type) and issubclass(identifier, Configured):
        return identifier()
    config: Mapping[str, Any] = {}
    name = identifier
    if isinstance(identifier, Mapping) and "class_name" in identifier:
        name, config = identifier["class_name"], identifier.get("config") or {}
    if not isinstance(name, str):
        raise BadArgumentError(f"expected an object, a name or a config of keras.{module}, received {identifier!r}", module)
    key = name if name in classes else aliases.get(name) or camel_case(name)
    if key not in classes:
        import difflib

        near = difflib.get_close_matches(name, [*classes, *aliases], 1)
        hint = f"; did you mean {near[0]!r}?" if near else f"; there are {sorted(classes)}"
        raise BadArgumentError(f"there is no {name!r}{hint}", f"keras.{module}")
    return classes[key](**config)


def camel_case(name: str) -> str:
    """glorot_uniform -> GlorotUniform."""
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


def arguments_of(module: str, name: str) -> dict[str, Any]:
    """What the constructor of keras.MODULE.NAME takes."""
    table: dict[str, dict[str, Any]] = getattr(_signatures, module.upper())
    return table[name]
