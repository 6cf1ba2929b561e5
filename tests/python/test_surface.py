"""The surface as text: the stub of the native module is what the module is, and public functions say what they do."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from pathlib import Path
from types import ModuleType
from typing import Any

import cornu
import pytest
from cornu import _cornu
from nanobind.stubgen import StubGen

STUB = Path(cornu.__file__).with_name("_cornu.pyi")
SECTIONS = ("Args:", "Returns:", "Raises:", "Notes:", "Example:", "Attributes:")
MAX_LINE = 132


def modules() -> list[ModuleType]:
    names = [info.name for info in pkgutil.walk_packages(cornu.__path__, "cornu.") if info.name != "cornu._cornu"]
    return [cornu, *(importlib.import_module(name) for name in names)]


def public_functions() -> list[Any]:
    """Functions, classes and their methods without a leading underscore, where they are defined."""
    found = []
    for module in modules():
        for name, thing in vars(module).items():
            if name.startswith("_") or getattr(thing, "__module__", "") != module.__name__:
                continue
            if inspect.isfunction(thing) or inspect.isclass(thing):
                found.append(thing)
            if inspect.isclass(thing):
                members = [m.fget if isinstance(m, property) else m for k, m in vars(thing).items() if not k.startswith("_")]
                found += [m for m in members if inspect.isfunction(m)]
    return found


def test_the_stub_is_that_of_the_module() -> None:
    generator = StubGen(_cornu)
    generator.put(_cornu)
    assert STUB.read_text() == generator.get(), f"{STUB} is stale; make it with: python -m nanobind.stubgen -m cornu._cornu"


@pytest.mark.parametrize("thing", public_functions(), ids=lambda thing: f"{thing.__module__}.{thing.__qualname__}")
def test_docstrings_say_first_what_it_is_then_the_sections_in_order(thing: Any) -> None:
    text = inspect.cleandoc(thing.__doc__ or "")
    assert text, "has no docstring"
    lines = text.splitlines()
    assert all(len(line) <= MAX_LINE for line in lines)
    assert len(lines) == 1 or lines[1] == "", "the first line is a summary by itself"
    found = [line.split(":")[0] + ":" for line in lines if line.startswith(SECTIONS)]
    assert found == sorted(found, key=SECTIONS.index)
    assert len(set(found)) == len(found)
