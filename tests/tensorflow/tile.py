CASES = [
    case(lambda x: tf.tile(x, [2, 1]), (2, 3)),
    case(lambda x, n: tf.tile(x, n), (2, 3), np.array([1, 3], np.int32)),
    case(lambda x: tf.broadcast_to(x, [4, 2, 3]), (2, 1)),
    case(lambda x, s: tf.broadcast_to(x, s), (1, 3), np.array([0, 3], np.int32), why="empty"),
    case(lambda x: tf.tile(x, [2]), np.array([b"a", b"b"])),
]
