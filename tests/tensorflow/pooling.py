CASES = [
    case(lambda x: tf.nn.max_pool2d(x, 2, 2, "VALID"), (2, 5, 6, 3)),
    case(lambda x: tf.nn.max_pool2d(x, [3, 2], [2, 1], "SAME"), (2, 5, 6, 3)),
    case(lambda x: tf.nn.avg_pool2d(x, 3, 2, "SAME"), (2, 5, 6, 3)),
    case(lambda x: tf.nn.avg_pool3d(x, 2, 2, "VALID"), (1, 4, 4, 5, 2)),
    case(lambda x: tf.nn.max_pool3d(x, 2, 1, "SAME"), (1, 3, 4, 5, 2)),
    case(lambda x: tf.raw_ops.MaxPoolV2(input=x, ksize=[1, 2, 2, 1], strides=[1, 2, 2, 1], padding="VALID"), (1, 4, 4, 2)),
]
