L = keras.layers
CASES = [
    case(L.SpatialDropout2D(0.5), (2, 4, 5, 3), why="does nothing when predicting"),
    case(L.SpatialDropout2D(0.3, data_format="channels_first", seed=1), (2, 4, 5, 3), why="channels_first"),
    case(L.SpatialDropout2D(0.2, dtype="float64"), (2, 4, 5, 3), dtype="float64"),
]
REJECTED = [reject({"rate": 1.5}, "bad_config"), reject({"rate": -0.5}, "bad_config")]
