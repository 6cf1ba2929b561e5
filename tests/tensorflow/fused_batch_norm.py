def norm(training=False, outputs=1, epsilon=0.001):
    return lambda x, g, b, m, v: list(tf.raw_ops.FusedBatchNormV3(
        x=x, scale=g, offset=b, mean=m, variance=v, is_training=training, epsilon=epsilon))[:outputs]


POSITIVE = np.array([0.5, 1.5, 2.0], np.float32)
CASES = [
    case(norm(), (2, 4, 4, 3), (3,), (3,), (3,), POSITIVE),
    case(norm(training=True, outputs=3), (2, 4, 4, 3), (3,), (3,), np.zeros(0, np.float32), np.zeros(0, np.float32),
         why="mean and variance of the batch"),
    case(lambda x, g, b, m, v: tf.raw_ops.FusedBatchNorm(x=x, scale=g, offset=b, mean=m, variance=v, is_training=False)[0],
         (2, 3, 3, 3), (3,), (3,), (3,), POSITIVE),
]
