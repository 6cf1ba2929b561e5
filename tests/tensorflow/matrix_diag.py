raw = tf.raw_ops
X = np.arange(1, 13, dtype=np.float32).reshape(1, 3, 4)
ALIGNS = ["RIGHT_LEFT", "LEFT_RIGHT", "LEFT_LEFT", "RIGHT_RIGHT"]

CASES = [
    case(lambda x: tf.linalg.tensor_diag(x), np.array([1, 2, 3], np.int32)),
    case(lambda x: tf.linalg.tensor_diag_part(x), np.arange(16, dtype=np.float32).reshape(2, 2, 2, 2)),
    case(lambda x: raw.MatrixDiag(diagonal=x), (2, 3)),
    case(lambda x: raw.MatrixDiagPart(input=x), X),
    case(lambda x, d: raw.MatrixSetDiag(input=x, diagonal=d), X, np.array([[0.0, -1.0, -2.0]], np.float32)),
    case(lambda x: tf.linalg.band_part(x, 1, 0), X),
    case(lambda x: tf.linalg.band_part(x, -1, 1), X),
    *[case(lambda x, a=a: tf.linalg.diag_part(x, k=(-1, 2), padding_value=9.0, align=a), X) for a in ALIGNS],
    *[case(lambda x, a=a: tf.linalg.diag(x, k=(-1, 0), num_rows=4, padding_value=9.0, align=a), np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 0.0]], np.float32), declared=[(2, 3)])
      for a in ALIGNS],
    case(lambda x: tf.linalg.diag(x, k=1), np.array([1, 2], np.int32)),
    *[case(lambda x, d, a=a: tf.linalg.set_diag(x, d, k=(-1, 1), align=a), X, -np.ones((1, 3, 3), np.float32), declared=[(1, 3, 4), (1, 3, 3)]) for a in ALIGNS],
]
