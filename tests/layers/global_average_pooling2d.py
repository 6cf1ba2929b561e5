L = keras.layers
P = L.GlobalAveragePooling2D
CASES = [
    case(P(), (2, 5, 7, 3)),
    case(P(keepdims=True), (2, 5, 7, 3), why="axes stay"),
    case(P(data_format="channels_first"), (2, 5, 7, 3), why="channels_first"),
    case(P(data_format="channels_first", keepdims=True), (2, 5, 7, 3), why="channels_first, axes stay"),
    case(P(), (2, 2, 3, 19), why="prime number of channels"),
    case(P(), (2, 1, 1, 4), why="one value"),
    case(P(), (2, 5, 7, 3), declared=(None, None, None, 3), why="unknown size"),
]
REJECTED = [reject({"data_format": "channels_middle"}, "bad_config")]
