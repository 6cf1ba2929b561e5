L = keras.layers
P = L.ZeroPadding3D
CASES = [
    case(P(), (2, 2, 3, 4, 2), why="one on all sides"),
    case(P((0, 1, 2)), (2, 2, 3, 4, 2), why="three numbers"),
    case(P(((0, 1), (2, 0), (1, 1))), (2, 2, 3, 4, 2), why="six numbers"),
    case(P(((0, 1), (2, 0), (1, 1)), data_format="channels_first"), (2, 2, 3, 4, 2), why="channels_first"),
]
REJECTED = [reject({"padding": [[0, 0], [0, 0], [0, -1]]}, "bad_config"), reject({"padding": [1, 2]}, "bad_config")]
