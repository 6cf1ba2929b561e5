"""The table that Model.summary() prints, in the form of Keras 3.

Widths, columns and texts are Keras's; a golden of real Keras is the test (tests/python/test_summary.py).
"""

from __future__ import annotations

import math
import re
import shutil
import sys
from collections.abc import Callable, Sequence
from typing import Any

from cornu.errors import BadArgumentError
from cornu.keras import _graph

LENGTH, LENGTH_CONNECTED, LENGTH_TRAINABLE = 88, 108, 12  # characters of a line: Keras's defaults, and what a column adds
ENDS, ENDS_CONNECTED = (0.45, 0.80, 1.0), (0.3, 0.56, 0.74, 1.0)  # of the columns, as parts of the line
SMALLEST_COLUMN = 4
MARGIN = 4  # characters that Keras leaves free in a terminal
UNITS = ("B", "KB", "MB", "GB", "TB", "PB")
UNIT = 1024
BITS = {"bool": 8, "bfloat16": 16, "complex64": 64, "complex128": 128}


def print_summary(
    model: Any,
    line_length: int | None,
    positions: Sequence[float] | None,
    print_fn: Callable[[str], Any] | None,
    expand_nested: bool,
    show_trainable: bool,
    layer_range: Sequence[str] | None,
) -> None:
    """See Model.summary()."""
    connected = not _is_chain(model)
    titles = ["Layer (type)", "Output Shape", "Param #", *(["Connected to"] if connected else [])]
    length = LENGTH_CONNECTED if connected else LENGTH
    ends = list(positions or (ENDS_CONNECTED if connected else ENDS))
    if show_trainable:
        length += LENGTH_TRAINABLE
        ends = [end * 0.9 for end in ends] + [1.0]
        titles.append("Trainable")
    length = line_length or min(length, shutil.get_terminal_size().columns - MARGIN)
    aligned = "".join({"Param #": ">", "Trainable": "^"}.get(title, "<") for title in titles)
    rows = [
        row
        for layer in _in_range(_listed(model), layer_range)
        for row in _layer_rows(model, layer, 0, connected, expand_nested, show_trainable)
    ]
    widths = _fitted(_widths(ends, length)[: len(titles)], length)
    lines = [f'Model: "{model.name}"', *_table(titles, rows, widths, aligned), *_totals(model)]
    text = "".join(f"{line}\n" for line in lines)
    if print_fn is None:
        sys.stdout.write(text)
    else:
        print_fn(text)


def _listed(model: Any) -> list[Any]:
    """The rows of the table: all layers, and in functional models the functions of keras.ops too."""
    if model._json["class_name"] == "Sequential":
        listed: list[Any] = model._listed_views()
        return listed
    return [layer for layer in model._children() if layer._info.attribute == "layers"]


def _nodes(layer: Any) -> list[Any]:
    nodes: list[Any] = layer._json.get("inbound_nodes", [])
    return nodes


def _is_chain(model: Any) -> bool:
    """Whether each layer has one call of one tensor and feeds one other: then there is no column of connections."""
    if model._json["class_name"] == "Sequential":
        return True
    layers = _listed(model)
    feeds = [ref[0] for layer in layers for ref in _graph.refs_in(_nodes(layer))]
    inputs = sum(layer._info.class_name == "InputLayer" for layer in layers)
    single = all(len(_nodes(layer)) <= 1 and len(_graph.refs_in(_nodes(layer))) <= 1 for layer in layers)
    return single and inputs == 1 and len(set(feeds)) == len(feeds)


def _in_range(layers: list[Any], layer_range: Sequence[str] | None) -> list[Any]:
    if layer_range is None:
        return layers
    if len(layer_range) != 2 or not all(isinstance(end, str) for end in layer_range):
        raise BadArgumentError(f"expected the names of the first and the last layer, received {layer_range!r}", "layer_range")
    first, last = ([i for i, layer in enumerate(layers) if re.match(end, layer.name)] for end in layer_range)
    if not first or not last:
        raise BadArgumentError(f"no layers are named like {layer_range!r}", "layer_range")
    if min(first) > max(last):
        return layers[min(last) : max(first) + 1]
    return layers[min(first) : max(last) + 1]


def _layer_rows(model: Any, layer: Any, level: int, connected: bool, expand_nested: bool, show_trainable: bool) -> list[list[str]]:
    """The row of a layer, and with `expand_nested` those of the layers inside it."""
    prefix = "   " * level + "└ " if level else ""
    row = [f"{prefix}{layer.name} ({layer._info.class_name})", _shapes(layer), f"{layer._info.params:,}"]
    if connected:
        row.append(", ".join(_connection(model, ref) for ref in _graph.refs_in(_nodes(layer))) if level == 0 else "")
        row[-1] = row[-1] or "-"
    if show_trainable:
        row.append("-" if not layer._info.weight_count else "Y" if layer.trainable else "N")
    rows = [row]
    for child in layer._listed_views() if expand_nested and hasattr(layer, "_listed_views") else []:
        rows += _layer_rows(model, child, level + 1, connected, expand_nested, show_trainable)
    return rows


def _connection(model: Any, ref: tuple[str, int, int]) -> str:
    del model
    return f"{ref[0]}[{ref[1]}][{ref[2]}]"


def _shapes(layer: Any) -> str:
    shapes = layer._info.output_shapes
    if not shapes:
        return "?"
    texts = [f"({', '.join(str(size) for size in shape)})" for shape in shapes]
    if len(texts) == 1:
        return texts[0]
    return f"[{', '.join(texts)}]"


def _widths(ends: Sequence[float], length: int) -> list[int]:
    widths: list[int] = []
    for end in ends:
        widths.append(int(end * length) - sum(widths))
        if widths[-1] < SMALLEST_COLUMN:
            raise BadArgumentError(f"a line of {length} characters is too short for {len(ends)} columns", "line_length")
    return widths


def _fitted(widths: list[int], length: int) -> list[int]:
    """The widths of the texts, once spaces and lines between them have their room.

    What is too much all columns give, evenly; what is left over they get by their widths.
    """
    spare = length - sum(widths) - 3 * len(widths) - 1
    fitted = []
    for i, width in enumerate(widths):
        rest = sum(widths[i:]) + 2 * len(widths[i:])
        step = math.ceil((width + 2) * spare / rest) if spare > 0 else -round(-spare / (len(widths) - i))
        fitted.append(max(width + step, 1))
        spare -= step
    return fitted


def _table(titles: list[str], rows: list[list[str]], widths: list[int], aligned: str) -> list[str]:
    def rule(left: str, middle: str, right: str, fill: str) -> str:
        return left + middle.join(fill * (width + 2) for width in widths) + right

    def lines(cells: list[str], side: str) -> list[str]:
        wrapped = [_wrapped(cell, width) for cell, width in zip(cells, widths, strict=True)]
        height = max(len(parts) for parts in wrapped)
        text = []
        for i in range(height):
            parts = [column[i] if i < len(column) else "" for column in wrapped]
            padded = [f"{part:{align}{width}}" for part, align, width in zip(parts, aligned, widths, strict=True)]
            text.append(f"{side} " + f" {side} ".join(padded) + f" {side}")
        return text

    out = [rule("┏", "┳", "┓", "━"), *lines(titles, "┃")]
    edge = rule("┡", "╇", "┩", "━")
    for row in rows:
        out += [edge, *lines(row, "│")]
        edge = rule("├", "┼", "┤", "─")
    return [*out, rule("└", "┴", "┘", "─")] if rows else [*out, edge]


def _wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` characters, broken between words; longer words are cut and end in an ellipsis."""
    lines = [""]
    for word in re.findall(r"\s*\S+\s*", text):
        if lines[-1] and len(lines[-1]) + len(word.rstrip()) > width:
            lines.append("")
        lines[-1] += word
    return [line.rstrip() if len(line.rstrip()) <= width else line[: width - 1] + "…" for line in lines]


def _totals(model: Any) -> list[str]:
    trainable = [weight for weight in model.weights if weight.trainable]
    others = [weight for weight in model.weights if not weight.trainable]
    groups = [("Total", [*trainable, *others]), ("Trainable", trainable), ("Non-trainable", others)]
    return [f" {name} params: {_count(weights):,} ({_bytes_text(weights)})" for name, weights in groups]


def _count(weights: list[Any]) -> int:
    return sum(math.prod(weight.shape) for weight in weights)


def _bytes_text(weights: list[Any]) -> str:
    size = sum(math.prod(weight.shape) * _bits(weight.dtype) for weight in weights) / 8
    unit = 0
    while size >= UNIT and unit + 1 < len(UNITS):
        size /= UNIT
        unit += 1
    return f"{size:.2f} {UNITS[unit]}"


def _bits(dtype: str) -> int:
    return BITS.get(dtype) or int(re.sub(r"\D", "", dtype) or 0)
