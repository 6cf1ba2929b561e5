CASES = [
    case(lambda x: tf.argmax(x, 1), (3, 4)),
    case(lambda x: tf.argmin(x, 0, output_type=tf.int32), (3, 4)),
    case(lambda x: tf.argmax(x, -1), np.array([[1, 5, 5], [2, 0, 1]], np.int32), why="the first of equals"),
]
