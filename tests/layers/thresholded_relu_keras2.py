L = keras.layers
CASES = [case(L.ThresholdedReLU(), (2, 7)), case(L.ThresholdedReLU(theta=0.25), (2, 3, 5), why="another threshold")]
