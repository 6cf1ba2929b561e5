CASES = [
    case(lambda x: tf.split(x, 3, axis=1), (2, 6)),
    case(lambda x: tf.split(x, [1, 2, -1], axis=-1), (2, 6)),
    case(lambda x: tf.unstack(x, num=3, axis=1), (2, 3)),
    case(lambda x: tf.slice(x, [1, 0], [1, -1]), (2, 3)),
    case(lambda x, b: tf.slice(x, b, [1, 2]), (2, 3), np.array([0, 1], np.int32)),
    case(lambda x: tf.slice(x, [0], [2]), np.array([b"a", b"b", b"c"])),
]
