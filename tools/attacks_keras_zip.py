"""Makes tests/attacks/keras_zip-*.keras: archives that attack a reader, each by one idea.

Needs Python's standard library only. tests/formats/keras_zip_attacks.cc holds what is expected of each.
"""

import io
import pathlib
import stat
import struct
import warnings
import zipfile

FOLDER = pathlib.Path(__file__).parent.parent / "tests" / "attacks"
CONFIG = b'{"class_name": "Sequential", "config": {"name": "m", "layers": []}}'
WEIGHTS = b"\x89HDF\r\n\x1a\n" + bytes(88)
PARTS = {"metadata.json": b'{"keras_version": "3.0.0"}', "config.json": CONFIG, "model.weights.h5": WEIGHTS}
DIRECTORY_ENTRY = b"PK\x01\x02"
END_RECORD = b"PK\x05\x06"


def archive(parts: list[tuple[str, bytes]], method: int = zipfile.ZIP_STORED, mode: int | None = None) -> bytearray:
    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w") as writer:
        warnings.simplefilter("ignore")  # of duplicate names
        for index, (name, content) in enumerate(parts):
            info = zipfile.ZipInfo(name)
            info.compress_type = method
            info.external_attr = (mode if mode and index == len(parts) - 1 else 0o644 | stat.S_IFREG) << 16
            writer.writestr(info, content)
    return bytearray(buffer.getvalue())


def patched(data: bytearray, signature: bytes, offset: int, layout: str, value: int) -> bytearray:
    """`data` with a number written `offset` bytes after the last occurrence of `signature`."""
    struct.pack_into("<" + layout, data, data.rindex(signature) + offset, value)
    return data


def zeros(megabytes: int) -> bytes:
    """What deflate shrinks most."""
    return bytes(megabytes << 20)


def attacks() -> dict[str, bytes]:
    model = list(PARTS.items())
    deflated = archive(model[:2] + [("model.weights.h5", zeros(1))], zipfile.ZIP_DEFLATED)
    whole = archive(model)
    return {
        "leaves-the-archive": archive([*model, ("../../etc/cron.d/job", b"x")]),
        "absolute-name": archive([*model, ("/etc/passwd", b"x")]),
        "drive-name": archive([*model, ("C:\\autoexec.bat", b"x")]),
        "symbolic-link": archive([*model, ("assets", b"/etc")], mode=0o777 | stat.S_IFLNK),
        "duplicate-config": archive([*model, ("config.json", b"{}")]),
        "encrypted": patched(archive(model), DIRECTORY_ENTRY, 8, "H", 1),
        "other-disk": patched(archive(model), DIRECTORY_ENTRY, 34, "H", 1),
        "divided": patched(archive(model), END_RECORD, 4, "H", 1),
        "unknown-method": patched(archive(model), DIRECTORY_ENTRY, 10, "H", 98),
        "size-bomb": patched(deflated, DIRECTORY_ENTRY, 24, "I", 0xFFFFFFF0),
        "zip64-size-bomb": patched(archive(model), DIRECTORY_ENTRY, 24, "I", 0xFFFFFFFF),
        "content-past-the-end": patched(patched(archive(model), DIRECTORY_ENTRY, 20, "I", 90000), DIRECTORY_ENTRY, 24, "I", 90000),
        "header-past-the-end": patched(archive(model), DIRECTORY_ENTRY, 42, "I", 0x7FFFFFFF),
        "other-header": patched(archive(model), DIRECTORY_ENTRY, 42, "I", 0),  # that of metadata.json
        "directory-past-the-end": patched(archive(model), END_RECORD, 16, "I", 0x7FFFFFFF),
        "too-many-entries": patched(patched(archive(model), END_RECORD, 8, "H", 60000), END_RECORD, 10, "H", 60000),
        "cut-directory": whole[: whole.rindex(DIRECTORY_ENTRY) + 20],
        "no-directory": whole[: whole.index(DIRECTORY_ENTRY)],
        "pickled-weights": archive([*model[:2], ("model.weights.npz", b"\x80\x04K\x01.")]),
        "weights-are-text": archive([*model[:2], ("model.weights.h5", b"print('hello')")]),
        "shard-outside": archive([*model[:2], ("model.weights.json", b'{"weight_map": {"/vars": "../../secret.h5"}}')]),
        "shard-is-index": archive([*model[:2], ("model.weights.json", b'{"weight_map": {"/vars": "model.weights.json"}}')]),
        "metadata-too-deep": archive([("metadata.json", b"[" * 1000), *model[1:]]),
        "terminal-codes-in-name": archive([*model, ("../\x1b]0;owned\x07\n", b"x")]),
    }


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, data in attacks().items():
        (FOLDER / f"keras_zip-{name}.keras").write_bytes(data)


if __name__ == "__main__":
    main()
