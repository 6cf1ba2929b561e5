raw = tf.raw_ops
A = np.array([[5, -3], [12, 7]], np.int32)
B = np.array([3, 2], np.int32)
X = np.array([0.3, 1.5, 4.0], np.float64)
UNARY = ["Erfc", "Lgamma", "Digamma", "BesselI0", "BesselI0e", "BesselI1", "BesselI1e", "BesselJ0", "BesselJ1", "BesselK0",
         "BesselK0e", "BesselK1", "BesselK1e", "BesselY0", "BesselY1"]

CASES = [
    *[case(lambda a, b, op=op: getattr(raw, op)(x=a, y=b), A, B)
      for op in ["BitwiseAnd", "BitwiseOr", "BitwiseXor", "LeftShift", "RightShift", "TruncateMod"]],
    case(lambda a: raw.Invert(x=a), np.array([0, 1, 255], np.uint8)),
    case(lambda a: raw.PopulationCount(x=a), np.array([0, -1, 255], np.int16)),
    case(lambda a, b: raw.TruncateMod(x=a, y=b), np.array([5.5, -5.5], np.float32), np.array([2.0], np.float32)),
    *[case(lambda a, op=op: getattr(raw, op)(x=a), X) for op in UNARY],
    case(lambda a: tf.math.erfinv(a), np.array([-0.9, 0.0, 0.5], np.float64)),
    case(lambda a: tf.math.ndtri(a), np.array([0.1, 0.5, 0.8], np.float64)),
    case(lambda a: tf.math.erfc(a), np.array([0.5, -1.0], np.float32)),
    case(lambda a, x: tf.math.igamma(a, x), X, np.array([[1.0], [2.0]], np.float64)),
    case(lambda a, x: tf.math.igammac(a, x), X, X),
    case(lambda a, x: tf.math.zeta(a + 1, x), X, X),
    case(lambda n, x: tf.math.polygamma(n, x), np.array([1.0, 2.0, 3.0], np.float64), X),
    case(lambda a, b, x: tf.math.betainc(a, b, x), X, X + 1, np.array([0.2, 0.5, 0.9], np.float64)),
    case(lambda a, b: tf.math.nextafter(a, b), X, -X),
    case(lambda a, b: raw.ApproximateEqual(x=a, y=b, tolerance=0.1), X, X + 0.05),
    case(lambda x: tf.bitcast(x, tf.int32), (2, 3)),
    case(lambda x: tf.bitcast(x, tf.uint8), (2, 3)),
    case(lambda x: tf.bitcast(x, tf.int64), np.arange(4, dtype=np.int32).reshape(2, 2)),
    case(lambda x: raw.DeepCopy(x=x), (3,)),
]
