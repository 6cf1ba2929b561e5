L = keras.layers
N = L.Normalization
CASES = [
    case(N(), (2, 7), why="mean and variance are weights"),
    case(N(axis=-1), (2, 3, 4, 5), why="a mean per channel"),
    case(N(axis=1), (2, 3, 4, 5), why="axis in front"),
    case(N(axis=(1, 3)), (2, 3, 4, 5), why="two axes"),
    case(N(axis=None), (2, 3, 4, 5), why="one mean"),
    case(N(invert=True), (2, 7), why="the other way round"),
    case(N(mean=[0.5, -1.0, 2.0], variance=[4.0, 0.25, 1.0]), (2, 3, 4, 3), why="mean and variance in the config"),
    case(N(axis=None, mean=0.5, variance=2.0), (2, 7), why="one mean in the config"),
    case(N(mean=[0.5, 1.0], variance=[0.0, 1.0]), (2, 2), why="variance 0 counts as 1e-7 squared"),
    case(N(mean=[3.0, 1.0], variance=[2.0, 0.5], invert=True), (2, 2), why="config, the other way round"),
]
REJECTED = [
    reject({"axis": 5}, "bad_config"),
    reject({"mean": [1.0, 2.0], "variance": [1.0, 2.0]}, "bad_config"),
    reject({"mean": 1.0}, "bad_config"),
    reject({"mean": "zero", "variance": 1.0}, "bad_config"),
]
