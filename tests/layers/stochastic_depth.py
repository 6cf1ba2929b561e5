from keras.src.applications.convnext import StochasticDepth

CASES = [
    case(StochasticDepth(0.3), (2, 5), why="does nothing when predicting"),
    case(
        lambda x: keras.layers.Add()([x, StochasticDepth(0.5)(keras.layers.Dense(5)(x))]),
        (2, 5),
        why="a residual branch is kept whole",
    ),
]
REJECTED = [reject({"drop_path_rate": 1.5}, "bad_config"), reject({"drop_path_rate": -0.5}, "bad_config")]
