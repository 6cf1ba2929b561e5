L = keras.layers
CASES = [
    case(L.Reshape((6, 10)), (2, 3, 4, 5)),
    case(L.Reshape((-1, 5)), (2, 3, 4, 5), why="one size is worked out"),
    case(L.Reshape((60,)), (2, 3, 4, 5), why="flat"),
    case(L.Reshape((1, 7, 1)), (2, 7), why="sizes of 1"),
    case(L.Reshape((-1,)), (2, 1), why="one value"),
    case(L.Reshape((-1, 3)), (2, 4, 6), declared=(None, None, 6), why="unknown length"),
    case(L.Reshape((2, 3)), (2, 6), dtype="int32", why="integers"),
]
REJECTED = [
    reject({"target_shape": [7, 7]}, "bad_config"),
    reject({"target_shape": [-1, -1]}, "bad_config"),
    reject({"target_shape": [-1, 7]}, "bad_config"),
    reject({"target_shape": [0, 60]}, "bad_config"),
    reject({"target_shape": [-2, 30]}, "bad_config"),
    reject({"target_shape": [2**33, 2**33]}, "bad_config"),
    reject({"target_shape": "flat"}, "bad_config"),
]
