CASES = [
    case(lambda x: tf.reduce_sum(x), (2, 3)),
    case(lambda x: tf.reduce_sum(x, 1, keepdims=True), (2, 3, 4)),
    case(lambda x: tf.reduce_mean(x, [0, -1]), (2, 3, 4)),
    case(lambda x: tf.reduce_max(x, 0), np.array([[1, 5], [4, 2]], np.int64)),
    case(lambda x: tf.reduce_min(x, 0), (3, 2)),
    case(lambda x: tf.reduce_prod(x, 0), np.array([[1, 5], [4, 2]], np.int32)),
    case(lambda x: tf.reduce_any(x, 1), np.array([[True, False], [False, False]])),
    case(lambda x: tf.reduce_all(x), np.array([[True, False], [False, False]])),
    case(lambda x, a: tf.reduce_sum(x, a), (2, 3), np.array(1, np.int32), why="an axis that is fed"),
    case(lambda x: tf.reduce_sum(x, []), (2, 3), why="no axes"),
    case(lambda x: tf.math.reduce_euclidean_norm(x, [0, 2], keepdims=True), (2, 3, 4)),
]
