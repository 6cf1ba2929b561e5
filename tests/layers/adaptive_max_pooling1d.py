A = keras.layers.AdaptiveMaxPooling1D
X = (2, 7, 3)
CASES = [
    case(A(3), X, why="windows of two lengths"),
    case(A(2), X, why="one size for all axes"),
    case(A(1), X, why="everything"),
    case(A(9), X, why="more outputs than elements"),
    case(A(3, data_format="channels_first"), (2, 3, 7), why="channels first"),
]
REJECTED = [reject({"output_size": 0}, "bad_config"), reject({"output_size": [1, 1, 1, 1]}, "bad_config")]
