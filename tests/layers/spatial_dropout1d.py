L = keras.layers
CASES = [
    case(L.SpatialDropout1D(0.5), (2, 5, 3), why="does nothing when predicting"),
    case(L.SpatialDropout1D(0.2, dtype="float64"), (2, 5, 3), dtype="float64"),
]
REJECTED = [reject({"rate": 1.5}, "bad_config"), reject({"rate": -0.5}, "bad_config")]
