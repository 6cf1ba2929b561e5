L = keras.layers
CASES = [case(L.GaussianNoise(0.5), (2, 7), why="does nothing when predicting"), case(L.GaussianNoise(0.0), (2, 3, 5))]
REJECTED = [reject({"stddev": -0.5}, "bad_config"), reject({"stddev": 1.5}, "bad_config")]
