CASES = [
    case(lambda x: tf.expand_dims(x, 0), (2, 3)),
    case(lambda x: tf.expand_dims(x, -1), (2, 3)),
    case(lambda x: tf.squeeze(x, [0, 2]), (1, 3, 1)),
    case(lambda x: tf.squeeze(x), (1, 3, 1), why="which axes go depends on the sizes"),
    case(lambda x: tf.transpose(x, [2, 0, 1]), (2, 3, 4)),
    case(lambda x: tf.transpose(x), (2, 3)),
    case(lambda x, p: tf.transpose(x, p), (2, 3, 4), np.array([1, 2, 0], np.int32), why="axes that are fed"),
    case(lambda x: tf.transpose(x), np.array([[b"a", b"b", b"c"], [b"d", b"e", b"f"]])),
]
