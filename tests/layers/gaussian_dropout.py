L = keras.layers
CASES = [
    case(L.GaussianDropout(0.5), (2, 7), why="does nothing when predicting"),
    case(L.GaussianDropout(0.0, seed=5), (2, 3, 5)),
]
REJECTED = [reject({"rate": -0.5}, "bad_config"), reject({"rate": 1.5}, "bad_config")]
