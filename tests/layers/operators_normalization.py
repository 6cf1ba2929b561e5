# keras.ops that normalise: integers come back as integers, halves are computed in float32.
o = keras.ops
N = np.random.default_rng(2)
X = (2, 3, 4)
G, B = N.uniform(0.5, 2, 4).astype("float32"), N.normal(size=4).astype("float32")

CASES = [
    case(lambda x: o.layer_normalization(x), X, dtype="int32", high=90, why="layer_normalization of integers"),
    case(lambda x: o.layer_normalization(x, G * 50, B * 50), X, dtype="int32", high=90, why="layer_normalization of integers, scaled"),
    case(lambda x: o.layer_normalization(x, G, B), X, dtype="float16", why="layer_normalization of halves"),
    case(lambda x: o.layer_normalization(x, axis=(1, 2), epsilon=0.1), X, why="layer_normalization over two axes"),
    case(lambda x: o.layer_normalization(x, G, rms_scaling=True), X, why="layer_normalization by the variance"),
    case(lambda x: o.rms_normalization(x * 30), X, dtype="int32", high=90, why="rms_normalization of integers"),
    case(lambda x: o.rms_normalization(x, G, epsilon=0.1), X, why="rms_normalization, scaled"),
    case(lambda x: o.rms_normalization(x, axis=(1, 2)), X, dtype="float16", why="rms_normalization of halves"),
    case(lambda x: o.rms_normalization(x, G, axis=1), X, why="rms_normalization, the scale lies along the last axis"),
]
