L = keras.layers
CASES = [
    case(L.MixUp(), (2, 4, 5, 3)),
    case(L.MixUp(), (2, 4, 5, 3), dtype="uint8", high=256, why="bytes"),
]
REJECTED = [reject({"no_such_key": 1}, "bad_config")]
