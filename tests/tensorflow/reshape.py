CASES = [
    case(lambda x: tf.reshape(x, [6]), (2, 3)),
    case(lambda x: tf.reshape(x, [-1, 2]), (2, 3)),
    case(lambda x: tf.reshape(x, [tf.shape(x)[0], 12]), (2, 3, 4), why="the batch is only known in the run"),
    case(lambda x: tf.reshape(x, tf.concat([tf.shape(x)[:1], [-1]], 0)), (2, 3, 4)),
    case(lambda x: tf.reshape(x, [tf.shape(x)[0] * tf.shape(x)[1], tf.shape(x)[2]]), (2, 3, 4)),
    case(lambda x, s: tf.reshape(x, s), (2, 3), np.array([3, -1], np.int64)),
    case(lambda x: tf.reshape(x, [0, 3]), (0, 3), why="empty"),
    case(lambda x: tf.reshape(x, []), (1, 1)),
    case(lambda x: tf.reshape(x, [3, 1]), np.array([b"a", b"b", b"c"])),
]
