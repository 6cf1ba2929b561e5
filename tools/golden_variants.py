"""Makes tests/golden/variants: one small network in every way that Keras and HDF5 have of storing it.

    tools/golden_variants.py        the same bytes each time, but for the dates that HDF5 writes into the two newest forms

Every file holds the same weights, so the answers are those of answers.npz (`input_0`, `output_0`) whichever is loaded:
    keras3.h5, keras3.keras    as Keras 3 writes them
    keras2.h5, keras2.keras    as Keras 2 writes them
    latest.h5                  newest HDF5 structures: superblock 3, version 2 headers, compact links
    dense_links.h5             the same, links and attributes in fractal heaps (what HDF5 does above 8 of them)
    compressed.h5              chunked, shuffle, gzip, fletcher32
    lzf.h5                     chunked, lzf
    chunked.h5                 chunked, no filter, chunks that do not divide the array
    compact.h5                 arrays inside the object header
    big_endian.h5              most significant byte first
    user_block.h5              512 foreign bytes before the superblock
    split_names.h5             layer names over 64 kB, which Keras splits into layer_names0, layer_names1, ...
Weights alone, to be loaded with config.json (Keras 3) or config_keras2.json:
    keras3.weights.h5          Keras 3, by path
    keras2_weights.h5          Keras 2, by layer name
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import golden_env

golden_env.enter()

import h5py  # noqa: E402
import keras  # noqa: E402
import numpy as np  # noqa: E402
import tf_keras  # noqa: E402
from golden_build import randomise, reproducible  # noqa: E402

FOLDER = golden_env.ROOT / "tests" / "golden" / "variants"
LONG_NAME = 13_500  # characters; five of them exceed the 64,512 bytes that Keras puts into one attribute


def network(library: Any, prefix: str = "") -> Any:
    """Convolution, normalisation, two dense layers: 8 weights under 5 layers that have none or some."""
    layers = library.layers
    return library.Sequential(
        [
            library.Input((5, 6, 3)),
            layers.Conv2D(4, 3, activation="relu", name=f"{prefix}conv"),
            layers.BatchNormalization(name=f"{prefix}norm"),
            layers.Flatten(name=f"{prefix}flat"),
            layers.Dense(19, activation="tanh", name=f"{prefix}hidden"),
            layers.Dense(3, name=f"{prefix}head"),
        ],
        name="small",
    )


def items(group: h5py.Group) -> Iterator[tuple[str, Any]]:
    """Every object below a group with its path, groups before what is in them."""
    found: list[tuple[str, Any]] = []
    group.visititems(lambda path, item: found.append((path, item)))
    return iter(found)


def rewrite(source: Path, target: Path, file: dict[str, Any], dataset: dict[str, Any], order: str = "<") -> None:
    """Copies an HDF5 file object by object: `file` and `dataset` are options of h5py for the new ones."""
    with h5py.File(source) as old, h5py.File(target, "w", **file) as new:
        new.attrs.update(old.attrs)
        for path, item in items(old):
            if isinstance(item, h5py.Dataset):
                data = item[()].astype(item.dtype.newbyteorder(order))
                copy = new.create_dataset(path, data=data, **dataset)
            else:
                copy = new.create_group(path)
            copy.attrs.update(item.attrs)


def rewrite_arrays(source: Path, target: Path, create: Callable[[h5py.File, str, np.ndarray], None]) -> None:
    """Copies an HDF5 file, with `create(file, path, data)` to make its arrays."""
    rewrite(source, target, {}, {})
    with h5py.File(target, "r+") as file:
        for path, item in items(file):
            if isinstance(item, h5py.Dataset):
                data, attributes = item[()], dict(item.attrs)
                del file[path]
                create(file, path, data)
                file[path].attrs.update(attributes)


def compact(file: h5py.File, path: str, data: np.ndarray) -> None:
    """An array inside its object header."""
    layout = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    layout.set_layout(h5py.h5d.COMPACT)
    layout.set_obj_track_times(False)
    space = h5py.h5s.create_simple(data.shape)
    made = h5py.h5d.create(file.id, path.encode(), h5py.h5t.py_create(data.dtype), space, layout)
    made.write(h5py.h5s.ALL, h5py.h5s.ALL, data)


def chunked(file: h5py.File, path: str, data: np.ndarray) -> None:
    """An array in chunks of 3 along each axis, so that the last ones stick out."""
    file.create_dataset(path, data=data, chunks=tuple(min(3, size) for size in data.shape))


def rewrite_dense(source: Path, target: Path) -> None:
    """Copies an HDF5 file with so many links and attributes that HDF5 moves them into heaps."""
    rewrite(source, target, {"libver": "latest"}, {})
    with h5py.File(target, "r+", libver="latest") as file:
        for i in range(12):
            file["model_weights"].attrs[f"note_{i}"] = np.arange(i + 1)
            file["model_weights"].create_group(f"unused_{i}")


def load(path: Path) -> Any:
    """The model of a file, by the Keras that can read it."""
    return (tf_keras if path.name.startswith("keras2") else keras).models.load_model(path, compile=False)


def main() -> int:
    """Makes all files; returns the exit status."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.iterdir():
        old.unlink()
    keras.utils.set_random_seed(3)
    rng = np.random.default_rng(3)
    new, long, old = network(keras), network(keras, "x" * LONG_NAME), network(tf_keras)
    randomise(new.weights, rng)
    weights = new.get_weights()
    long.set_weights(weights)
    old.set_weights(weights)

    with reproducible():
        for extension in ("h5", "keras"):
            new.save(FOLDER / f"keras3.{extension}")
            old.save(FOLDER / f"keras2.{extension}")
        long.save(FOLDER / "split_names.h5")
        new.save_weights(FOLDER / "keras3.weights.h5")
        old.save_weights(FOLDER / "keras2_weights.h5")
    for name, model in (("config", new), ("config_keras2", old)):
        (FOLDER / f"{name}.json").write_text(json.dumps(json.loads(model.to_json()), indent=1) + "\n")

    source = FOLDER / "keras3.h5"
    gzip = {"chunks": True, "compression": "gzip", "shuffle": True, "fletcher32": True}
    rewrite(source, FOLDER / "latest.h5", {"libver": "latest"}, {})
    rewrite(source, FOLDER / "compressed.h5", {}, gzip)
    rewrite(source, FOLDER / "lzf.h5", {}, {"chunks": True, "compression": "lzf"})
    rewrite(source, FOLDER / "big_endian.h5", {}, {}, order=">")
    rewrite(source, FOLDER / "user_block.h5", {"userblock_size": 512}, {})
    with (FOLDER / "user_block.h5").open("r+b") as file:
        file.write(b"not HDF5".ljust(512, b"."))
    rewrite_arrays(source, FOLDER / "chunked.h5", chunked)
    rewrite_arrays(source, FOLDER / "compact.h5", compact)
    rewrite_dense(source, FOLDER / "dense_links.h5")

    x = rng.normal(0.0, 1.0, (3, 5, 6, 3)).astype(np.float32)
    y = new.predict(x, verbose=0)
    with reproducible():
        np.savez_compressed(FOLDER / "answers.npz", input_0=x, output_0=y)
    for path in FOLDER.glob("*.h5"):
        if "weights" not in path.name and not np.allclose(load(path).predict(x, verbose=0), y, rtol=0, atol=1e-6):
            sys.exit(f"{path.name} does not give the same answers")
    print(f"{len(list(FOLDER.iterdir()))} files in {FOLDER}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
