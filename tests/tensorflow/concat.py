CASES = [
    case(lambda x, y: tf.concat([x, y], 1), (2, 3), (2, 1)),
    case(lambda x, y: tf.concat([x, y], -1), np.array([[1], [2]]), np.array([[3], [4]])),
    case(lambda x: tf.concat([x], 0), (2, 3), why="one part"),
    case(lambda x, y: tf.raw_ops.Concat(concat_dim=0, values=[x, y]), (1, 3), (2, 3)),
    case(lambda x, y: tf.stack([x, y]), (2, 3), (2, 3)),
    case(lambda x, y: tf.stack([x, y], axis=-1), (2, 3), (2, 3)),
    case(lambda x, y: tf.concat([x, y], 0), np.array([b"a", b"bc"]), np.array([b"def"]), why="strings are moved by number"),
]
