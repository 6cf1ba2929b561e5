CASES = [
    case(lambda x: tf.pad(x, [[0, 1], [2, 0]]), (2, 3)),
    case(lambda x: tf.pad(x, [[1, 1], [0, 0]], constant_values=2.5), (2, 3)),
    case(lambda x: tf.pad(x, [[1, 1], [2, 1]], "REFLECT"), (3, 4)),
    case(lambda x: tf.pad(x, [[1, 1], [2, 1]], "SYMMETRIC"), (3, 4)),
]
