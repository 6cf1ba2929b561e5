L = keras.layers
CASES = [
    case(L.LayerNormalization(), (2, 37)),
    case(L.LayerNormalization(epsilon=0.5), (2, 3, 4, 5), why="epsilon that matters"),
    case(L.LayerNormalization(center=False), (2, 3, 4, 5), why="no beta"),
    case(L.LayerNormalization(scale=False), (2, 3, 4, 5), why="no gamma"),
    case(L.LayerNormalization(center=False, scale=False), (2, 3, 4, 5), why="neither"),
    case(L.LayerNormalization(axis=1), (2, 3, 4, 5), why="first axis after the batch"),
    case(L.LayerNormalization(axis=-2), (2, 3, 4, 5), why="axis in the middle"),
    case(L.LayerNormalization(axis=[2, 3]), (2, 3, 4, 5), why="two axes, gamma of two dimensions"),
    case(L.LayerNormalization(axis=[1, 2, 3]), (2, 3, 4, 5), why="all axes"),
    case(L.LayerNormalization(axis=[1, 3]), (2, 3, 4, 5), why="axes apart"),
    case(L.LayerNormalization(), (2, 4, 3), declared=(None, None, 3), why="unknown length"),
    case(L.LayerNormalization(dtype="float64"), (2, 5), dtype="float64"),
    case(L.LayerNormalization(dtype="float16"), (2, 5), dtype="float16", why="sums in float32"),
]
REJECTED = [
    reject({"axis": 5}, "bad_config"),
    reject({"axis": "last"}, "bad_config"),
    reject({"epsilon": None}, "bad_config"),
]
