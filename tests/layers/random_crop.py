L = keras.layers
CASES = [
    case(L.RandomCrop(3, 4), (2, 5, 7, 3), why="nothing is cut when predicting"),
    case(L.RandomCrop(3, 4), (2, 5, 7, 3), dtype="uint8", high=256, why="bytes"),
]
REJECTED = [reject({"height": 0}, "bad_config"), reject({"no_such_key": 1}, "bad_config")]
