L = keras.layers
P = L.GlobalMaxPooling1D
CASES = [
    case(P(), (2, 11, 3)),
    case(P(keepdims=True), (2, 11, 3), why="axes stay"),
    case(P(data_format="channels_first"), (2, 11, 3), why="channels_first"),
    case(P(data_format="channels_first", keepdims=True), (2, 11, 3), why="channels_first, axes stay"),
    case(P(), (2, 5, 19), why="prime number of channels"),
    case(P(), (2, 1, 4), why="one value"),
    case(P(), (2, 11, 3), declared=(None, None, 3), why="unknown size"),
]
REJECTED = [reject({"data_format": "channels_middle"}, "bad_config")]
