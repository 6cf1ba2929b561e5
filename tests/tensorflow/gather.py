CASES = [
    case(lambda x, i: tf.gather(x, i), (4, 3), np.array([2, 0, 2], np.int32)),
    case(lambda x, i: tf.gather(x, i, axis=1), (4, 3), np.array([[2, 0], [1, 1]], np.int64)),
    case(lambda x, i: tf.gather(x, i, axis=1, batch_dims=1), (2, 3, 2), np.array([[2, 0], [1, 1]], np.int32)),
    case(lambda x, i: tf.gather(x, i), np.array([b"a", b"b", b"c"]), np.array([2, 0], np.int32)),
    case(lambda x, i: tf.raw_ops.Gather(params=x, indices=i), (4, 3), np.array(1, np.int32)),
]
