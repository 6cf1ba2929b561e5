L = keras.layers
X = (2, 4, 5, 3)
FLAT = np.concatenate([np.full((2, 4, 5, 1), 7.0), np.random.default_rng(1).uniform(20, 90, (2, 4, 5, 2))], -1)
CASES = [
    case(L.AutoContrast(), X, inputs=[FLAT], why="a channel of one value stays"),
    case(L.AutoContrast((-1, 1)), X, why="another range"),
]
REJECTED = [reject({"value_range": [1, 1]}, "bad_config"), reject({"value_range": "all"}, "bad_config")]
