L = keras.layers
CASES = [
    case(L.Dropout(0.5), (2, 7), why="does nothing when predicting"),
    case(L.Dropout(0.25, noise_shape=(None, 1, 5), seed=3), (2, 3, 5), why="noise shape and seed"),
    case(L.Dropout(0.0), (2, 7), why="rate 0"),
    case(L.Dropout(0.5, dtype="float16"), (2, 7), dtype="float16"),
]
REJECTED = [
    reject({"rate": -0.1}, "bad_config"),
    reject({"rate": 1.5}, "bad_config"),
    reject({"rate": "half"}, "bad_config"),
]
