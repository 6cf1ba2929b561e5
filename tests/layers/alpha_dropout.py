L = keras.layers
CASES = [
    case(L.AlphaDropout(0.5), (2, 7), why="nothing is dropped at inference"),
    case(L.AlphaDropout(0.0), (2, 3, 5), why="rate 0"),
]
REJECTED = [reject({"rate": 1.5}, "bad_config"), reject({"rate": "half"}, "bad_config")]
