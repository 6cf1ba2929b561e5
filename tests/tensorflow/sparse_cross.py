raw = tf.raw_ops
INDICES = np.array([[0, 0], [0, 1], [2, 0]], np.int64)
TEXTS, NUMBERS = np.array([b"a", b"bc", b""]), np.array([5, -7, 1 << 40], np.int64)
SHAPE = np.array([3, 2], np.int64)
DENSE, DENSE_TEXT = np.array([[1, 2], [3, 4], [5, -6]], np.int64), np.array([[b"x"], [b"y"], [b"zz"]])


def columns(values):
    """What all three ops take: one sparse column and two dense ones."""
    i, v, s, d, t = values
    return {"indices": [i], "values": [v], "shapes": [s], "dense_inputs": [d, t]}


ALL = [[INDICES, v, SHAPE, DENSE, DENSE_TEXT] for v in [TEXTS, NUMBERS]]

CASES = [
    *[case(lambda *x, b=b: list(raw.SparseCross(**columns(x), hashed_output=True, num_buckets=b, hash_key=0xDECAFCAFFE, out_type=tf.int64,
                                                internal_type=tf.int64)), *values) for values in ALL for b in [0, 100]],
    *[case(lambda *x: list(raw.SparseCross(**columns(x), hashed_output=False, num_buckets=0, hash_key=1, out_type=tf.string,
                                           internal_type=tf.int64)), *values) for values in ALL],
    *[case(lambda *x: list(raw.SparseCrossV2(**columns(x), sep="--")), *values) for values in ALL],
    *[case(lambda *x, b=b: list(raw.SparseCrossHashed(**columns(x), num_buckets=b, strong_hash=False, salt=[3, 9])), *values)
      for values in ALL for b in [0, 1000]],
    case(lambda d: list(raw.SparseCross(indices=[], values=[], shapes=[], dense_inputs=[d, d], hashed_output=True, num_buckets=7,
                                        hash_key=2, out_type=tf.int64, internal_type=tf.int64)), DENSE, why="no sparse column"),
]
