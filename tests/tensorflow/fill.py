CASES = [
    case(lambda v: tf.fill([2, 3], v), np.float32(1.5)),
    case(lambda d, v: tf.fill(d, v), np.array([2, 0, 3], np.int32), np.int64(7)),
    case(lambda d: tf.fill(d, "ab"), np.array([2], np.int32)),
    case(lambda x: tf.zeros_like(x), (2, 3)),
    case(lambda x: tf.ones_like(x), np.array([[1, 2]], np.int32)),
    case(lambda x: tf.zeros_like(x), np.array([b"x", b"y"])),
    case(lambda x: tf.fill([tf.shape(x)[0], 3], 0.5), (2, 1), why="the batch is only known in the run"),
]
