raw = tf.raw_ops
rng = np.random.default_rng(7)
M = rng.normal(size=(2, 3, 3))
P = M @ M.transpose(0, 2, 1) + np.eye(3)
R = rng.normal(size=(2, 3, 2))

CASES = [
    case(lambda x: tf.linalg.svd(x, compute_uv=False), R),
    case(lambda x: (lambda s, u, v: [s, u * tf.sign(u[..., :1, :]), v * tf.sign(u[..., :1, :])])(*tf.linalg.svd(x)), R, why="up to signs"),
    case(lambda x: (lambda q, r: [tf.abs(q), tf.abs(r)])(*tf.linalg.qr(x)), R, why="up to signs"),
    case(lambda x: tf.linalg.cholesky(x), P),
    case(lambda x: tf.linalg.cholesky(x), P[0].astype(np.float32)),
    case(lambda x: list(tf.linalg.lu(x)), M),
    case(lambda x: tf.linalg.inv(x), M),
    case(lambda x: tf.linalg.inv(x, adjoint=True), M),
    case(lambda x: tf.linalg.det(x), M),
    case(lambda x: list(tf.linalg.slogdet(x)), M),
    case(lambda a, b: tf.linalg.solve(a, b), M, R),
    case(lambda a, b: tf.linalg.solve(a, b, adjoint=True), M, R),
    case(lambda a, b: tf.linalg.triangular_solve(a, b, lower=True), M, R),
    case(lambda a, b: tf.linalg.triangular_solve(a, b, lower=False, adjoint=True), M, R),
    case(lambda a, b: raw.MatrixSolveLs(matrix=a, rhs=b, l2_regularizer=0.5), R, R),
    case(lambda x: tf.linalg.eigvalsh(x), P),
    case(lambda a, b: tf.linalg.cross(a, b), M, P),
]
