CASES = [
    case(lambda a, b: tf.matmul(a, b), (2, 3), (3, 4)),
    case(lambda a, b: tf.matmul(a, b, transpose_a=True, transpose_b=True), (3, 2), (4, 3)),
    case(lambda a, b: tf.matmul(a, b), (2, 1, 3, 4), (5, 4, 2), why="batches are broadcast"),
    case(lambda a, b: tf.matmul(a, b, adjoint_b=True), (2, 3, 4), (2, 5, 4)),
    case(lambda a, b: tf.matmul(a, b), np.array([[1, 2], [3, 4]], np.int32), np.array([[1, 2], [3, 4]], np.int32)),
    case(lambda a, b: tf.matmul(a, b), np.ones((2, 3)), np.ones((3, 1))),
]
