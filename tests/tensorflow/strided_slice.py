CASES = [
    case(lambda x: x[1:3], (4, 5)),
    case(lambda x: x[..., -1], (2, 3, 4)),
    case(lambda x: x[:, tf.newaxis, ::2], (2, 5)),
    case(lambda x: x[::-1, 1:-1], (3, 5)),
    case(lambda x: x[0], (3, 5)),
    case(lambda x: x[1, ..., tf.newaxis], (3, 2, 5)),
    case(lambda x, b: tf.strided_slice(x, b, b + 2), (5,), np.array([1], np.int32), why="bounds that are fed"),
    case(lambda x: x[-2:], np.array([b"a", b"b", b"c"])),
    case(lambda x: x[5:], (3, 2), why="beyond the end"),
]
