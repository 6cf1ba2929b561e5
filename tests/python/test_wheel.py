"""The wheel that ./test built (build/wheel): self-contained after auditwheel, small, and complete in an empty environment."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAX_BYTES = 20_000_000
SCRIPT = """
import numpy as np, cornu
from cornu import keras
stored = np.load({digits!r} + ".npz")
answers = keras.models.load_model({digits!r} + ".keras").predict(stored["input_0"], verbose=0)
assert np.abs(answers - stored["output_0"]).max() <= 1e-5
print(cornu.__file__)
"""


def run(*command: str | Path, **environment: str) -> str:
    """What a command prints; the test fails if the command does."""
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=False, env={**os.environ, **environment}
    )
    assert done.returncode == 0, f"{command}: {done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel with its libraries inside."""
    built = list((ROOT / "build" / "wheel").glob("cornu-*.whl"))
    assert len(built) == 1, "run ./test: it builds the wheel"
    folder = tmp_path_factory.mktemp("repaired")
    programs = sysconfig.get_path("scripts")
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    run(Path(programs) / "auditwheel", "repair", "--wheel-dir", folder, built[0], PATH=path)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with nothing but the wheel, and NumPy from this one."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    run(python, "-m", "pip", "install", "--no-index", "--no-deps", wheel)
    site = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('platlib'))").strip())
    (site / "numpy_of_the_tests.pth").write_text(sysconfig.get_path("platlib") + "\n")  # comes after the environment's own
    return folder


def test_the_wheel_is_small_and_carries_every_library(wheel: Path) -> None:
    assert wheel.stat().st_size < MAX_BYTES
    assert "manylinux" in wheel.name
    names = zipfile.ZipFile(wheel).namelist()
    for library in ("fmt", "minizip", "re2", "simdjson"):
        assert any(f"cornu.libs/lib{library}" in name for name in names), library
    for name in ("cornu/py.typed", "cornu/_cornu.pyi", "cornu/keras/layers.py"):
        assert name in names


def test_it_predicts_in_an_empty_environment(environment: Path, tmp_path: Path) -> None:
    digits = str(ROOT / "examples" / "digits" / "digits")
    where = run(environment / "bin" / "python", "-c", SCRIPT.format(digits=digits), PYTHONPATH="", PYTHONSAFEPATH="1")
    assert Path(where.strip()).is_relative_to(environment)
    assert "digits" in run(environment / "bin" / "cornu", "inspect", f"{digits}.keras")
    run(environment / "bin" / "cornu", "predict", f"{digits}.keras", f"{digits}.npz", "-o", tmp_path / "out.npz")


def test_the_source_distribution_has_what_a_build_needs(tmp_path: Path) -> None:
    tree = tmp_path / "tree"  # without links to other environments, which the backend would walk through
    for folder in ("cmake", "docs", "include", "python", "src"):
        shutil.copytree(ROOT / folder, tree / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("CMakeLists.txt", "LICENSE", "README.md", "pyproject.toml"):
        shutil.copy(ROOT / file, tree)
    command = "import sys; from scikit_build_core.build import build_sdist; build_sdist(sys.argv[1])"
    done = subprocess.run([sys.executable, "-c", command, str(tmp_path)], cwd=tree, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    archive = next(tmp_path.glob("cornu-*.tar.gz"))
    assert archive.stat().st_size < MAX_BYTES
    with tarfile.open(archive) as sources:
        names = {name.split("/", 1)[1] for name in sources.getnames() if "/" in name}
    needed = ["CMakeLists.txt", "pyproject.toml", "LICENSE", "README.md", "cmake/unit_table.cmake", "src/CMakeLists.txt"]
    needed += ["src/api/model.cc", "include/cornu/model.h", "python/bindings/module.cc", "python/cornu/__init__.py"]
    assert not [name for name in needed if name not in names]
