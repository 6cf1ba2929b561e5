L = keras.layers
C = L.LocallyConnected1D
CASES = [
    case(C(4, 3), (2, 7, 3)),
    case(C(3, 2, strides=2, activation="relu", use_bias=False), (2, 7, 3), why="stride leaves a rest, no bias"),
    case(C(2, 7), (2, 7, 3), why="kernel as long as the sequence"),
    case(C(2, 1), (2, 7, 3), why="kernel of one step"),
    case(C(3, 3, implementation=2), (2, 7, 3), why="implementation 2"),
    case(C(3, 3, implementation=3), (2, 7, 3), why="implementation 3"),
    case(C(2, 4, padding="same", implementation=2), (2, 7, 3), why="implementation 2, same"),
    case(C(2, 3, padding="same", strides=2, implementation=3), (2, 7, 3), why="implementation 3, same, strides"),
]
REJECTED = [
    reject({"filters": 0}, "bad_config"),
    reject({"kernel_size": [0]}, "bad_config"),
    reject({"kernel_size": [8]}, "bad_shape"),
    reject({"padding": "same"}, "bad_config"),
    reject({"implementation": 4}, "bad_config"),
]
