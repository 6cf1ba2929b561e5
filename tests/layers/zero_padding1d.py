L = keras.layers
P = L.ZeroPadding1D
CASES = [
    case(P(), (2, 5, 3), why="one on both sides"),
    case(P(3), (2, 5, 3)),
    case(P((0, 2)), (2, 5, 3), why="one side"),
    case(P(0), (2, 5, 3), why="nothing"),
    case(P((2, 1), data_format="channels_first"), (2, 5, 3), why="channels_first"),
    case(P((1, 4)), (2, 4, 3), declared=(None, None, 3), why="unknown length"),
]
REJECTED = [
    reject({"padding": [-1, 0]}, "bad_config"),
    reject({"padding": [1, 2, 3]}, "bad_config"),
    reject({"padding": "one"}, "bad_config"),
]
