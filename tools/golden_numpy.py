"""Makes tests/golden/numpy: small .npy and .npz files of every kind that NumPy writes, for the tests of formats/npy.

Run with any Python that has NumPy; the files change only when this script does.
"""

import pathlib
import zipfile

import numpy as np

FOLDER = pathlib.Path(__file__).parent.parent / "tests" / "golden" / "numpy"
CODES = ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "c8", "c16"]


def numbers(code: str, order: str) -> np.ndarray:
    return np.arange(6).reshape(2, 3).astype(order + code)


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    arrays = {code: numbers(code, "<") for code in CODES}
    arrays["b1"] = np.array([[True, False], [False, True]])
    arrays["scalar"] = np.array(7.5)
    arrays["empty"] = np.zeros((0, 5), np.float32)
    arrays["bytes"] = np.array([b"", b"a\0b", b"long one"])
    arrays["text"] = np.array([["", "gr\u00f6\u00dfe"], ["\u5c42", "\U0001f600!"]])
    arrays["fortran"] = np.asfortranarray(np.arange(24, dtype=np.int32).reshape(2, 3, 4))
    arrays["fortran_text"] = np.asfortranarray(np.array([["a", "b"], ["c", "d"]]))
    np.savez(FOLDER / "stored.npz", **arrays)
    np.savez_compressed(FOLDER / "deflated.npz", **arrays)
    big = {code: numbers(code, ">") for code in CODES}
    big["text"] = arrays["text"].astype(">U5")
    big["fortran"] = np.asfortranarray(arrays["fortran"].astype(">i4"))
    np.savez(FOLDER / "big_endian.npz", **big)
    np.savez(FOLDER / "none.npz")
    np.save(FOLDER / "float32.npy", numbers("f4", "<"))
    np.save(FOLDER / "object.npy", np.array([{}], dtype=object), allow_pickle=True)
    np.save(FOLDER / "structure.npy", np.zeros(2, dtype=[("a", "<f4"), ("b", "<i4")]))
    np.save(FOLDER / "date.npy", np.zeros(2, dtype="<M8[s]"))
    for version in (2, 3):
        with open(FOLDER / f"version{version}.npy", "wb") as file:
            np.lib.format.write_array(file, numbers("f4", "<"), version=(version, 0))
    with zipfile.ZipFile(FOLDER / "not_an_array.npz", "w") as archive:
        archive.writestr("readme.txt", "no array")


if __name__ == "__main__":
    main()
