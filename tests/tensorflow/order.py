raw = tf.raw_ops
X = np.array([[3.0, 1.0, 2.0, 3.0], [0.0, 5.0, -1.0, 5.0]], np.float32)
V = np.array([4, 1, 4, 2, 1], np.int32)

CASES = [
    case(lambda x: tf.where(x), X > 1),
    case(lambda x: tf.where(x), X),
    case(lambda x: list(tf.unique(x)), V),
    case(lambda x: list(tf.unique_with_counts(x)), np.array([b"b", b"a", b"b"])),
    case(lambda x: list(raw.UniqueV2(x=x, axis=[1])), np.array([[1, 2, 1], [3, 4, 3]], np.int64)),
    case(lambda x, y: list(raw.ListDiff(x=x, y=y)), V, np.array([1], np.int32)),
    case(lambda x: tf.math.invert_permutation(x), np.array([2, 0, 1], np.int32)),
    case(lambda x: list(tf.math.top_k(x, 2)), X),
    case(lambda x: raw.NthElement(input=x, n=1), X),
    case(lambda x: raw.NthElement(input=x, n=1, reverse=True), X),
    case(lambda x, t: tf.math.in_top_k(t, x, 2), X, np.array([0, 2], np.int32)),
    case(lambda x, v: tf.searchsorted(x, v, side="right"), np.array([[1.0, 3.0, 3.0]], np.float32), np.array([[3.0, 0.0]], np.float32)),
    case(lambda x, v: tf.searchsorted(x, v), np.array([[1.0, 3.0, 3.0]], np.float32), np.array([[3.0, 9.0]], np.float32)),
    case(lambda x: raw.Bucketize(input=x, boundaries=[0.0, 2.0]), X),
    case(lambda x: tf.roll(x, [1, -1], [0, 1]), X),
    case(lambda x: tf.reverse_sequence(x, [2, 3], seq_axis=1), X),
    case(lambda x, i: tf.gather_nd(x, i), X, np.array([[1, 0], [0, 3]], np.int32)),
    case(lambda x, i: tf.gather_nd(x, i), X, np.array([[1]], np.int64)),
    case(lambda x: tf.dynamic_partition(x, [1, 0, 1, 1, 0], 3), V),
    case(lambda a, b: tf.dynamic_stitch([[2, 0], [1, 0]], [a, b]), X, X + 10),
    case(lambda a, b: raw.ParallelDynamicStitch(indices=[[2, 0], [1, 3]], data=[a, b]), X, X + 10),
    case(lambda i: tf.unravel_index(i, [2, 3]), np.array([4, 1], np.int32)),
]
