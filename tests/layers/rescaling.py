L = keras.layers
CASES = [
    case(L.Rescaling(1 / 255), (2, 3, 4, 3), dtype="uint8", high=256, why="pixels"),
    case(L.Rescaling(1 / 127.5, offset=-1.0), (2, 3, 4, 3), why="to [-1, 1]"),
    case(L.Rescaling([0.5, 2.0, -1.0], offset=[0.1, 0.2, 0.3]), (2, 3, 4, 3), why="a scale per channel"),
    case(L.Rescaling(2.0, offset=1.0), (2, 7), dtype="int32", why="integers become floats"),
    case(L.Rescaling(0.5, dtype="float16"), (2, 7), dtype="float16"),
]
REJECTED = [reject({"scale": "small"}, "bad_config")]
