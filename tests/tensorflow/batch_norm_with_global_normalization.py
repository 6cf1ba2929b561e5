V = np.array([0.5, 1.5, 2.0], np.float32)

CASES = [
    case(lambda x, m, b, g, s=s: tf.nn.batch_norm_with_global_normalization(x, m, V, b, g, 1e-3, s), (2, 4, 5, 3), (3,), (3,), (3,))
    for s in [True, False]
]
