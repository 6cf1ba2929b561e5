"""Makes the small HDF5 files that the reader's tests use: good ones in tests/golden/hdf5, hostile ones in tests/attacks.

    tools/make_hdf5_cases.py

Each good file is described in tests/golden/hdf5/cases.json: the fields of ModelFile that reading it must give. The value
of every dataset is counted up from its own first value, so that the description stays short:

    {"file.h5": {"keras_version": "2.4.0", "layers": [["conv1", [WEIGHT, ...]], ...], "variables": [WEIGHT, ...]}}
    WEIGHT = [name, dtype, shape, first value or null, in place]

A weight is first, first + 1, ... in row-major order; `null` means strings "s0", "s1", ...
Nothing here depends on random numbers; new-style groups keep the time at which they were made, so those files differ from
run to run in nothing else.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import golden_env

golden_env.enter()

import h5py  # noqa: E402
import ml_dtypes  # noqa: E402
import numpy as np  # noqa: E402

GOLDEN = golden_env.ROOT / "tests" / "golden" / "hdf5"
ATTACKS = golden_env.ROOT / "tests" / "attacks"
CASES: dict[str, dict[str, Any]] = {}

Weight = list[Any]


def counted(shape: tuple[int, ...], dtype: Any, first: int) -> np.ndarray:
    """first, first + 1, ... in row-major order."""
    return (np.arange(np.prod(shape, dtype=int)) + first).reshape(shape).astype(dtype)


def weight(name: str, dtype: str, shape: tuple[int, ...], first: int | None, in_place: bool = True) -> Weight:
    return [name, dtype, list(shape), first, in_place]


def put(group: h5py.Group, path: str, first: int, dtype: str = "float32", shape: tuple[int, ...] = (2, 3)) -> Weight:
    """Stores a plain contiguous dataset and returns its description."""
    group.create_dataset(path, data=counted(shape, dtype, first))
    return weight(path, dtype, shape, first)


def golden(name: str, **options: Any) -> h5py.File:
    return h5py.File(GOLDEN / name, "w", **options)


def attack(name: str, **options: Any) -> h5py.File:
    return h5py.File(ATTACKS / name, "w", **options)


# --- containers: superblocks, groups, attributes ---------------------------------------------------------------------


def make_containers() -> None:
    """One legacy model in every generation of the container; 9 layers and attributes make dense storage where it exists."""
    kinds = [("earliest", 2, False), ("earliest", 2, True), ("v108", 2, False), ("latest", 9, False), ("latest", 9, True)]
    for libver, layers, ordered in kinds:  # superblocks 0, 2 and 3
        name = f"{libver}_{layers}{'_ordered' if ordered else ''}.h5"
        highest = "latest" if libver == "earliest" else libver
        with golden(name, libver=(libver, highest), track_order=ordered) as file:
            expected = fill_legacy(file, layers, ordered)
        CASES[name] = {"keras_version": "2.4.0", "backend": "tensorflow", "config": '{"a": 1}', "layers": expected}


def fill_legacy(file: h5py.File, count: int, ordered: bool) -> list[Any]:
    weights = file.create_group("model_weights", track_order=ordered)
    names = [f"layer_{i}" for i in range(count)]
    file.attrs["model_config"] = '{"a": 1}'
    weights.attrs["layer_names"] = [name.encode() for name in names]
    weights.attrs["backend"] = "tensorflow"
    weights.attrs["keras_version"] = np.bytes_("2.4.0")
    expected: list[Any] = []
    for i, name in enumerate(names):
        weights.attrs[f"more_{i}"] = i
        layer = weights.create_group(name, track_order=ordered)
        layer.attrs["weight_names"] = [b"kernel:0"]
        expected.append([name, [put(layer, "kernel:0", i, shape=(2,))]])
    return expected


def make_places() -> None:
    """A user block in front, small addresses, B-trees of two levels."""
    with golden("user_block.h5", userblock_size=512) as file:
        CASES["user_block.h5"] = {"variables": [put(file, "vars/0", 7)]}
    create = h5py.h5p.create(h5py.h5p.FILE_CREATE)
    create.set_sizes(4, 4)
    with ctypes_library() as library:
        library.H5Pset_sym_k(ctypes.c_int64(create.id), 2, 1)  # two links in a leaf, four children in a node
        library.H5Pset_istore_k(ctypes.c_int64(create.id), 16)  # not the default: this makes superblock 1
    low = h5py.h5f.create(str(GOLDEN / "superblock1_deep_tree.h5").encode(), h5py.h5f.ACC_TRUNC, create)
    with h5py.File(low) as file:
        expected = [put(file, f"vars/{i}", i, shape=(1,)) for i in range(12)]
    CASES["superblock1_deep_tree.h5"] = {"variables": expected}
    with golden("new_deep_tree.h5", libver="v108") as file:
        group = file.create_group("vars")
        group["0"] = np.zeros(1, "float32")
        for i in range(1, 60):  # more links than a node of 512 bytes holds
            group[str(i)] = group["0"]
    CASES["new_deep_tree.h5"] = {"variables": [weight(f"vars/{i}", "float32", (1,), 0) for i in range(60)]}


@contextlib.contextmanager
def ctypes_library() -> Iterator[ctypes.CDLL]:
    """The HDF5 library that h5py has loaded, for functions that h5py does not wrap."""
    maps = Path("/proc/self/maps").read_text().split()
    yield ctypes.CDLL(next(path for path in maps if "/libhdf5-" in path))


# --- datasets ----------------------------------------------------------------------------------------------------------


def make_types() -> None:
    numbers = ["float16", "float32", "float64"] + [f"{s}int{b}" for s in ("", "u") for b in (8, 16, 32, 64)]
    with golden("types.h5") as file:
        group = file.create_group("a/vars")
        expected = []
        for dtype in numbers:
            put(group, dtype, 3, dtype, (4,))
            expected.append(weight(f"a/vars/{dtype}", dtype, (4,), 3))
        group["bool"] = np.array([False, True])
        expected.append(weight("a/vars/bool", "bool", (2,), 0))
        # As Keras 3 writes it: opaque bytes, and the type in an attribute.
        opaque = group.create_dataset("bfloat16", data=counted((4,), ml_dtypes.bfloat16, 5))
        opaque.attrs["dtype"] = "bfloat16"
        expected.append(weight("a/vars/bfloat16", "bfloat16", (4,), 5))
        make_stored_bfloat16(group, "bfloat16_number", counted((4,), ml_dtypes.bfloat16, 6))
        expected.append(weight("a/vars/bfloat16_number", "bfloat16", (4,), 6))
        group["fixed_strings"] = np.array([b"s0", b"s1"], dtype="S5")
        expected.append(weight("a/vars/fixed_strings", "string", (2,), None, False))
        group.create_dataset("strings", data=["s0", "s1", "s2"])
        expected.append(weight("a/vars/strings", "string", (3,), None, False))
        make_space_padded(group, "space_padded", np.array([b"s0    ", b"s1    "]))
        expected.append(weight("a/vars/space_padded", "string", (2,), None, False))
    CASES["types.h5"] = {"variables": sorted(expected)}


def make_stored_bfloat16(group: h5py.Group, name: str, values: np.ndarray) -> None:
    """A two-byte float type with 8 exponent bits, which the library can describe and h5py cannot name."""
    kind = h5py.h5t.IEEE_F32LE.copy()
    kind.set_fields(15, 7, 8, 0, 7)
    kind.set_size(2)
    kind.set_ebias(127)
    space = h5py.h5s.create_simple(values.shape)
    create = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    create.set_layout(h5py.h5d.CONTIGUOUS)
    data = h5py.h5d.create(group.id, name.encode(), kind, space, dcpl=create)
    data.write(h5py.h5s.ALL, h5py.h5s.ALL, values.view(np.uint16), mtype=kind)


def make_space_padded(group: h5py.Group, name: str, values: np.ndarray) -> None:
    kind = h5py.h5t.FORTRAN_S1.copy()
    kind.set_size(values.dtype.itemsize)
    data = h5py.h5d.create(group.id, name.encode(), kind, h5py.h5s.create_simple(values.shape))
    data.write(h5py.h5s.ALL, h5py.h5s.ALL, values, mtype=kind)


def make_layouts() -> None:
    with golden("layouts.h5") as file:
        group = file.create_group("vars")
        group["scalar"] = np.float32(9)
        group["empty"] = np.zeros((0, 3), "float32")
        group.create_dataset("never_written", shape=(1,), dtype="float32")
        group.create_dataset("never_written_filled", shape=(1,), dtype="float32", fillvalue=2)
        group.create_dataset("never_written_big_endian", shape=(1,), dtype=">f4", fillvalue=2)
        group["null"] = h5py.Empty("float32")
        make_compact(group, "compact", counted((3,), "float32", 1))
    CASES["layouts.h5"] = {
        "variables": [
            weight("vars/compact", "float32", (3,), 1),
            weight("vars/empty", "float32", (0, 3), 0),
            weight("vars/never_written", "float32", (1,), 0, False),
            weight("vars/never_written_big_endian", "float32", (1,), 2, False),
            weight("vars/never_written_filled", "float32", (1,), 2, False),
            weight("vars/null", "float32", (0,), 0),
            weight("vars/scalar", "float32", (), 9),
        ]
    }


def make_compact(group: h5py.Group, name: str, values: np.ndarray) -> None:
    create = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    create.set_layout(h5py.h5d.COMPACT)
    data = h5py.h5d.create(group.id, name.encode(), h5py.h5t.IEEE_F32LE, h5py.h5s.create_simple(values.shape), dcpl=create)
    data.write(h5py.h5s.ALL, h5py.h5s.ALL, values)


def make_copied_cases() -> None:
    """What cannot be used in place: every filter, every index of chunks that is read, both byte orders."""
    gzip = {"compression": "gzip"}
    kinds: dict[str, dict[str, Any]] = {
        "big_endian": {"dtype": ">f4"},
        "big_endian_integers": {"dtype": ">i2"},
        "chunked": {"chunks": (4, 3)},
        "fletcher32": {"chunks": (4, 3), "fletcher32": True},
        "gzip": {"chunks": (4, 3), **gzip},
        "gzip_big_endian": {"chunks": (4, 3), "dtype": ">f8", **gzip},
        "gzip_shuffle_fletcher32": {"chunks": (4, 3), "shuffle": True, "fletcher32": True, **gzip},
        "lzf": {"chunks": (10, 7), "compression": "lzf"},
        "lzf_shuffle": {"chunks": (10, 7), "compression": "lzf", "shuffle": True},
        "one_chunk": {"chunks": (10, 7)},
        "one_chunk_gzip": {"chunks": (10, 7), **gzip},
        "may_grow_to_a_limit": {"chunks": (4, 3), "maxshape": (20, 9)},
        "resizable": {"chunks": (4, 3), "maxshape": (None, None)},
        "resizable_gzip": {"chunks": (4, 3), "maxshape": (None, None), **gzip},
    }
    names = {">f4": "float32", ">f8": "float64", ">i2": "int16"}
    old = ["chunked", "fletcher32", "gzip_shuffle_fletcher32", "lzf_shuffle"]
    for libver, kinds_of_file in (("earliest", old), ("latest", list(kinds))):
        with golden(f"copied_{libver}.h5", libver=libver) as file:
            expected = []
            for name in kinds_of_file:
                options = dict(kinds[name])
                dtype = options.pop("dtype", "float32")
                file.create_dataset(f"vars/{name}", data=counted((10, 7), dtype, 2), **options)
                expected.append(weight(f"vars/{name}", names.get(dtype, dtype), (10, 7), 2, False))
        CASES[f"copied_{libver}.h5"] = {"variables": sorted(expected)}
    with golden("paged_array.h5", libver="latest") as file:  # more chunks than a page of 1024
        file.create_dataset("vars/0", data=counted((1100,), "uint16", 0), chunks=(1,))
    CASES["paged_array.h5"] = {"variables": [weight("vars/0", "uint16", (1100,), 0, False)]}


# --- what Keras writes -------------------------------------------------------------------------------------------------


def make_legacy_layouts() -> None:
    with golden("weights_only_nested_names.h5") as file:
        file.attrs["layer_names"] = ["block/conv", "dense"]
        block = file.create_group("block/conv")
        block.attrs["weight_names"] = ["block/conv/kernel:0", "block/conv/bias:0"]
        first = [put(block, "block/conv/kernel:0", 1), put(block, "block/conv/bias:0", 2)]
        file.create_group("dense").attrs["weight_names"] = np.zeros((0,))  # an empty list, as NumPy types it
    CASES["weights_only_nested_names.h5"] = {"layers": [["block/conv", first], ["dense", []]]}

    with golden("split_attributes.h5") as file:
        file.attrs["layer_names0"] = [b"a"]
        file.attrs["layer_names1"] = [b"b"]
        a, b = file.create_group("a"), file.create_group("b")
        a.attrs["weight_names0"], a.attrs["weight_names1"] = [b"w0"], [b"w1"]
        expected = [["a", [put(a, "w0", 1), put(a, "w1", 2)]], ["b", []]]
        b.attrs["weight_names"] = np.array([], dtype="S1")
    CASES["split_attributes.h5"] = {"layers": expected}

    with golden("counted_layers.h5") as file:
        file.attrs["nb_layers"] = 2
        expected = []
        for i in range(2):
            layer = file.create_group(f"layer_{i}")
            layer.attrs["nb_params"] = i
            expected.append([f"layer_{i}", [put(layer, f"param_{k}", k) for k in range(i)]])
    CASES["counted_layers.h5"] = {"layers": expected}

    with golden("top_level_weights.h5") as file:
        weights = file.create_group("model_weights")
        weights.attrs["layer_names"] = np.array([], dtype="S1")
        top = weights.create_group("top_level_model_weights")
        top.attrs["weight_names"] = [b"scale:0"]
        expected = [["top_level_model_weights", [put(top, "scale:0", 4)]]]
        file.attrs["model_config"] = "{}"
        file.attrs["training_config"] = b'{"loss": "mse"}'
        file.attrs["keras_version"] = "2.15.0"
    CASES["top_level_weights.h5"] = {
        "config": "{}", "training_config": '{"loss": "mse"}', "keras_version": "2.15.0", "layers": expected,
    }  # fmt: skip


def make_variables() -> None:
    with golden("variables.h5") as file:
        put(file, "optimizer/vars/0", 0)
        expected = [put(file, f"layers/dense/vars/{i}", i, shape=(1,)) for i in range(11)]
        name = "layers\\conv1d"
        group = file.create_group(name)
        put(group, "vars/0", 5)
        expected.append(weight("layers/conv1d/vars/0", "float32", (2, 3), 5))
        file["layers/dense/vars"].attrs["name"] = "dense"
    CASES["variables.h5"] = {"variables": expected}


# --- attacks -----------------------------------------------------------------------------------------------------------


def make_link_attacks() -> None:
    with attack("hdf5-external-link.h5") as file:
        file["vars/0"] = h5py.ExternalLink("/etc/passwd", "/")
    with attack("hdf5-soft-link.h5") as file:
        file["vars/0"] = h5py.SoftLink("/vars/1")
        put(file, "vars/1", 0)
    with attack("hdf5-soft-link-new-group.h5", libver="latest") as file:
        file["vars/0"] = h5py.SoftLink("/vars/1")
    with attack("hdf5-group-in-itself.h5") as file:
        below = file.create_group("a/b")
        below["back"] = file["a"]
    with attack("hdf5-two-names.h5") as file:
        group = file.create_group("level_0")
        for level in range(1, 40):  # 2^40 paths
            below = file.create_group(f"level_{level}")
            group["x"] = group["y"] = below
            group = below


def make_storage_attacks() -> None:
    with attack("hdf5-external-storage.h5") as file:
        file.create_dataset("vars/0", (4,), "float32", external=[("/etc/passwd", 0, 16)])
    with attack("hdf5-virtual-dataset.h5", libver="latest") as file:
        layout = h5py.VirtualLayout((4,), "float32")
        layout[:] = h5py.VirtualSource("/etc/passwd", "x", (4,))
        file.create_virtual_dataset("vars/0", layout)
    with attack("hdf5-shape-bomb-unwritten.h5") as file:
        file.create_dataset("vars/0", (1 << 20, 1 << 20), "float32")
    with attack("hdf5-shape-bomb-chunks.h5") as file:
        data = file.create_dataset("vars/0", (1 << 20, 1 << 20), "float32", chunks=(1, 64), compression="gzip")
        data[0, :64] = 1
    with attack("hdf5-huge-chunk.h5") as file:
        data = file.create_dataset("vars/0", (1,), "uint8", chunks=(1 << 20,), maxshape=(None,), compression="gzip")
        data[0] = 1
    patch("hdf5-huge-chunk.h5", struct.pack("<II", 1 << 20, 1), struct.pack("<II", 0xFFFFFFFF, 1))
    with attack("hdf5-extensible-array.h5", libver="latest") as file:
        file.create_dataset("vars/0", data=counted((8,), "int32", 0), chunks=(2,), maxshape=(None,))
    with attack("hdf5-unknown-filter.h5") as file:
        file.create_dataset("vars/0", data=counted((64,), "int32", 0), chunks=(64,), scaleoffset=8)
    shape = struct.pack("<QQ", 5, 7)
    for name, size in (("hdf5-shape-beyond-data.h5", 1000), ("hdf5-shape-overflow.h5", 1 << 62)):
        with attack(name) as file:
            put(file, "vars/0", 0, shape=(5, 7))
        patch(name, shape, struct.pack("<QQ", size, 7))


def patch(name: str, old: bytes, new: bytes) -> None:
    """Replaces bytes that the library would not write."""
    path = ATTACKS / name
    content = path.read_bytes()
    if old not in content:
        raise SystemExit(f"{name}: nothing to patch")
    path.write_bytes(content.replace(old, new))


def make_content_attacks() -> None:
    def legacy(name: str, layer_names: list[str], fill: Callable[[h5py.File], None]) -> None:
        with attack(name) as file:
            file.attrs["layer_names"] = layer_names
            fill(file)

    def weights(names: list[str]) -> Callable[[h5py.File], None]:
        def fill(file: h5py.File) -> None:
            file.create_group("a").attrs["weight_names"] = names
            put(file["a"], "w", 0)

        return fill

    legacy("hdf5-layer-not-stored.h5", ["a"], lambda file: None)
    legacy("hdf5-layer-listed-twice.h5", ["a", "a"], weights(["w"]))
    legacy("hdf5-weight-listed-twice.h5", ["a"], weights(["w", "w"]))
    legacy("hdf5-weight-not-stored.h5", ["a"], weights(["v"]))
    legacy("hdf5-layer-is-a-dataset.h5", ["a"], lambda file: file.create_dataset("a", data=1.0) and None)
    with attack("hdf5-a-billion-layers.h5") as file:
        file.attrs["nb_layers"] = 10**9
    with attack("hdf5-config-is-a-number.h5") as file:
        file.attrs["model_config"] = 1
    with attack("hdf5-compound.h5") as file:
        file["vars/0"] = np.zeros(3, dtype=[("a", "f4"), ("b", "i4")])
    with attack("hdf5-opaque.h5") as file:
        file["vars/0"] = np.zeros(3, dtype="V3")
    with attack("hdf5-float8.h5") as file:
        file.create_dataset("vars/0", data=np.zeros(3, "V1")).attrs["dtype"] = "float8_e4m3fn"
    with attack("hdf5-no-keras-content.h5"):
        pass
    with attack("hdf5-too-many-axes.h5") as file:
        file["vars/0"] = np.zeros((1,) * 11, "float32")


def main() -> None:
    GOLDEN.mkdir(parents=True, exist_ok=True)
    ATTACKS.mkdir(parents=True, exist_ok=True)
    for make in (make_containers, make_places, make_types, make_layouts, make_copied_cases, make_legacy_layouts,
                 make_variables, make_link_attacks, make_storage_attacks, make_content_attacks):  # fmt: skip
        make()
    lines = (f"{json.dumps(name)}: {json.dumps(case)}" for name, case in sorted(CASES.items()))
    Path(GOLDEN / "cases.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
