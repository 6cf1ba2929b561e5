"""keras.backend: defaults that scripts look up."""

from __future__ import annotations

from cornu.errors import UnsupportedError

EPSILON = 1e-7  # Keras's


def floatx() -> str:
    """The default float type: "float32"."""
    return "float32"


def epsilon() -> float:
    """The small number that keeps divisions from zero, as in Keras."""
    return EPSILON


def image_data_format() -> str:
    """Where the channels of an image are by default: "channels_last"."""
    return "channels_last"


def set_floatx(value: str) -> None:
    """Takes "float32"; raises UnsupportedError for another type: models bring their own."""
    if value != floatx():
        raise UnsupportedError(f"models bring their own types; the default stays {floatx()}, received {value!r}", "set_floatx")


def set_image_data_format(data_format: str) -> None:
    """Takes "channels_last"; raises UnsupportedError for another one: models bring their own."""
    if data_format != image_data_format():
        raise UnsupportedError(
            f"models bring their own; the default stays {image_data_format()}, received {data_format!r}", "set_image_data_format"
        )


def clear_session() -> None:
    """Begins again with the names `dense`, `dense_1`, ...; memory belongs to models and goes with them."""
    from cornu.keras import _building

    _building.clear_names()


def backend() -> str:
    """The name of what computes: "cornu"."""
    return "cornu"
