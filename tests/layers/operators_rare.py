# keras.ops that TensorFlow computes with ops of its own: bits, matrices, scatters, segments, patches, quantiles.
o = keras.ops
N = np.random.default_rng(5)
X, IJ = (2, 3, 4), [(2, 5), (2, 5)]
SQUARE = N.normal(size=(2, 3, 3)) + 3 * np.eye(3)
POSITIVE = SQUARE @ SQUARE.transpose(0, 2, 1)
LOWER = np.tril(SQUARE)
WITH_NAN = np.where(N.random((2, 3, 4)) < 0.3, np.nan, N.normal(size=(2, 3, 4)))
NEVER = WITH_NAN.copy()
NEVER[0, 0] = np.nan
INSIDE = np.linspace(-0.9, 0.9, 24)
PLACES = [[0, 1], [0, 1]]
IMAGES = (2, 5, 6, 3)


def integers(function, why, high=16):
    return case(function, IJ, dtype="int32", high=high, why=why)


def matrices(function, why, data=SQUARE):
    return case(function, data.shape, inputs=[data], why=why)


def segments(function, why, last=1):
    return case(function, [(2, 4), (2,)], declared=[(2, 4), (2,)], dtype=["float32", "int32"], inputs=[N.normal(size=8), [0, last]], why=why)  # fmt: skip


CASES = [
    integers(o.bitwise_and, "bitwise_and"),
    integers(o.bitwise_or, "bitwise_or"),
    integers(o.bitwise_xor, "bitwise_xor"),
    integers(lambda a, b: o.bitwise_left_shift(a, b), "left shift", high=5),
    integers(lambda a, b: o.right_shift(a, b), "right shift", high=5),
    case(o.bitwise_invert, (2, 5), dtype="int32", high=16, why="invert"),
    integers(o.gcd, "gcd", high=60),
    integers(o.lcm, "lcm", high=12),
    case(o.erfinv, X, inputs=[INSIDE], why="erfinv"),
    case(o.i0, X, why="i0"),
    case(o.angle, X, why="angle of real numbers"),
    case(o.conj, X, why="conj of real numbers"),
    case(o.imag, X, why="imag of real numbers"),
    case(lambda a, b: o.nextafter(a, b), [X, X], why="nextafter"),
    case(lambda a: o.view(a, "int32"), X, why="the bits of floats"),
    matrices(o.cholesky, "cholesky", POSITIVE),
    matrices(lambda a: o.cholesky(a, upper=True), "cholesky, upper", POSITIVE),
    matrices(o.cholesky_inverse, "cholesky_inverse", LOWER),
    matrices(lambda a: o.cholesky_inverse(a, upper=True), "cholesky_inverse, upper; the lower triangle does not count"),
    matrices(o.det, "det"),
    matrices(o.inv, "inv"),
    matrices(o.logdet, "logdet", POSITIVE),
    matrices(o.slogdet, "slogdet"),
    matrices(lambda a: o.qr(a)[0] @ o.qr(a)[1], "qr"),
    matrices(lambda a: o.abs(o.qr(a[:, :, :2], mode="complete")[1]), "qr, complete"),
    matrices(lambda a: o.eigh(a)[0], "eigh", POSITIVE),
    matrices(lambda a: o.svd(a, compute_uv=False), "svd, values"),
    matrices(lambda a: o.multiply(o.svd(a[:, :2], full_matrices=False)[0], o.expand_dims(o.svd(a[:, :2], full_matrices=False)[1], 1)) @ o.svd(a[:, :2], full_matrices=False)[2], "svd, thin"),
    case(o.lu_factor, (2, 2), declared=(2, 2), inputs=[SQUARE[0, 1:, 1:]], why="lu_factor"),
    matrices(lambda a: o.matrix_rank(a), "matrix_rank"),
    matrices(lambda a: o.pinv(a[:, :, :2]), "pinv"),
    case(o.solve, [(2, 3, 3), (2, 3, 2)], inputs=[SQUARE, N.normal(size=12)], why="solve"),
    case(o.solve_triangular, [(2, 3, 3), (2, 3, 2)], inputs=[np.triu(SQUARE), N.normal(size=12)], why="solve_triangular"),
    case(lambda a, b: o.solve_triangular(a, b, lower=True), [(2, 3, 3), (2, 3)], inputs=[LOWER, N.normal(size=6)], why="vectors, lower"),
    case(lambda a, b: o.lstsq(a, b), [(2, 3), (2, 2)], declared=[(2, 3), (2, 2)], why="lstsq"),
    case(lambda v: o.scatter(np.array(PLACES), v, (2, 3)), (2,), declared=(2,), why="scatter adds up"),
    case(lambda x, v: o.scatter_update(x, np.array([[0, 1], [1, 0]]), v), [(2, 3), (2,)], declared=[(2, 3), (2,)], why="scatter_update"),
    case(lambda x, v: o.scatter_update(x, np.array(PLACES), v, reduction="add"), [(2, 3), (2,)], declared=[(2, 3), (2,)], why="scatter_update that adds"),
    case(lambda x, v: o.scatter_update(x, np.array(PLACES), v, reduction="max"), [(2, 3), (2,)], declared=[(2, 3), (2,)], why="scatter_update, max"),
    case(lambda x, v: o.slice_update(x, (0, 1, 2), v), [X, (2, 2, 1)], declared=[X, (2, 2, 1)], why="slice_update"),
    segments(lambda x, i: o.segment_sum(x, i, num_segments=4), "segment_sum of a number of segments", last=2),
    segments(o.segment_sum, "segment_sum"),
    segments(o.segment_max, "segment_max", last=0),
    segments(lambda x, i: o.segment_min(x, i, num_segments=3), "segment_min"),
    segments(lambda x, i: o.segment_prod(x, i, num_segments=3), "segment_prod"),
    case(lambda a: o.nonzero(o.relu(a)), X, why="nonzero"),
    case(lambda a: o.unique(a, return_counts=True), (2, 5), dtype="int32", high=4, why="unique"),
    case(lambda a: o.unravel_index(a, (3, 4)), (2,), dtype="int32", high=12, why="unravel_index"),
    case(lambda a: o.bincount(a, minlength=3), (2, 5), dtype="int32", high=5, why="bincount"),
    case(lambda a: o.array_split(a, 3, axis=2), (2, 3, 7), why="array_split"),
    case(lambda a: o.nanmedian(a, axis=-1), X, inputs=[WITH_NAN], why="nanmedian"),
    case(lambda a: o.nanquantile(a, 0.3, axis=1, keepdims=True), X, inputs=[WITH_NAN], why="nanquantile"),
    case(lambda a: o.nanpercentile(a, 60.0, axis=-1), X, inputs=[NEVER], why="nanpercentile of nothing"),
    case(lambda a: o.unfold(a, 2), (2, 3, 5, 6), why="unfold"),
    case(lambda a: o.unfold(a, (3, 2), dilation=(1, 2), padding=1, stride=2), (2, 3, 5, 6), why="unfold, all arguments"),
    case(lambda a: o.fold(a, (5, 6), 2), (2, 12, 20), why="fold"),
    case(lambda a: o.fold(a, (5, 6), (3, 2), dilation=(1, 2), padding=1, stride=2), (2, 18, 9), why="fold, all arguments"),
    case(lambda x: keras.ops.image.gaussian_blur(x, kernel_size=(3, 5), sigma=(1.0, 0.5)), IMAGES, why="gaussian_blur"),
]  # fmt: skip
