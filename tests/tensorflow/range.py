CASES = [
    case(lambda n: tf.range(n), np.array(5, np.int32)),
    case(lambda a, b: tf.range(a, b, 2), np.array(1, np.int64), np.array(8, np.int64)),
    case(lambda a: tf.range(a, 0, -1), np.array(3, np.int32)),
    case(lambda a: tf.range(a, 1, 0.25), np.float32(0)),
    case(lambda a: tf.range(a, 3), np.array(3, np.int32), why="empty"),
]
