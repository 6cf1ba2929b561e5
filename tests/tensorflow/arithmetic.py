raw = tf.raw_ops
A = np.array([[1.5, -2.0, 0.0], [4.0, 0.5, -1.0]], np.float32)
B = np.array([[2.0, 0.0, 0.0], [-3.0, 1.0, 4.0]], np.float32)
INTS = np.array([7, -7, 8, 5], np.int32)
J = np.array([2, 2, -3, 5], np.int32)
GRADS = ["SigmoidGrad", "TanhGrad", "SqrtGrad", "RsqrtGrad", "ReciprocalGrad", "InvGrad"]

CASES = [
    case(lambda c, a, b: raw.Select(condition=c, x=a, y=b), np.array([True, False]), A, B, why="rows"),
    case(lambda c, a, b: raw.Select(condition=c, x=a, y=b), A > 0, A, B),
    case(lambda c, a, b: raw.Select(condition=c, x=a, y=b), np.array(True), INTS, J),
    case(lambda a, b: tf.add_n([a, b, a]), A, B),
    case(lambda a, b: raw.AccumulateNV2(inputs=[a, b], shape=[2, 3]), A, B),
    case(lambda a, b: raw.Div(x=a, y=b), INTS, J),
    case(lambda a, b: raw.TruncateDiv(x=a, y=b), INTS, J),
    case(lambda a, b: tf.math.divide_no_nan(a, b), A, B),
    case(lambda a, b: tf.math.multiply_no_nan(a, b), A, B),
    case(lambda a, b: tf.math.xlogy(a, tf.abs(b)), A, B),
    case(lambda a, b: tf.math.xlog1py(a, tf.abs(b)), A, B),
    case(lambda a, b: tf.math.xdivy(a, tf.abs(b) + 1), A, B),
    case(lambda a: tf.nn.l2_loss(a), A),
    case(lambda a, b: tf.linspace(a, b, 5), np.array(1.0, np.float64), np.array(-2.0, np.float64)),
    case(lambda a: tf.cumsum(a, axis=-1, reverse=True), A),
    case(lambda a: tf.math.cumprod(a, axis=0, exclusive=True), A),
    case(lambda a: tf.reverse(a, [1]), A),
    case(lambda a: raw.Reverse(tensor=a, dims=[True, False]), A),
    case(lambda i: tf.one_hot(i, 4, on_value=2.0, off_value=-1.0, axis=0), np.array([0, 3, -1, 9], np.int32)),
    case(lambda i: tf.one_hot(i, 3, dtype=tf.int64), np.array([[0, 2]], np.int64)),
    case(lambda a, b: tf.einsum("ij,kj->ik", a, b), A, B),
    case(lambda a, b: list(raw.SoftmaxCrossEntropyWithLogits(features=a, labels=tf.nn.softmax(b))), A, B),
    case(lambda a, i: list(raw.SparseSoftmaxCrossEntropyWithLogits(features=a, labels=i)), A, np.array([2, 0], np.int64)),
    case(lambda x: tf.nn.depth_to_space(x, 2), (2, 2, 3, 8)),
    case(lambda x: tf.nn.space_to_depth(x, 2), (2, 4, 6, 3)),
    case(lambda x: tf.space_to_batch(x, [2, 3], [[1, 0], [0, 2]]), (2, 3, 4, 2)),
    case(lambda x: tf.batch_to_space(x, [2, 3], [[1, 0], [0, 2]]), (6, 2, 2, 3)),
    *[case(lambda a, b, op=op: getattr(raw, op)(y=a, dy=b), np.abs(A) + 1, B) for op in GRADS],
    *[case(lambda a, b, op=op: getattr(raw, op)(gradients=a, features=b), A, B * 2)
      for op in ["ReluGrad", "Relu6Grad", "LeakyReluGrad", "SoftplusGrad", "SoftsignGrad"]],
    *[case(lambda a, b, op=op: getattr(raw, op)(gradients=a, outputs=b), A, B) for op in ["EluGrad", "SeluGrad"]],
    case(lambda a: raw.BiasAddGrad(out_backprop=a), A),
    case(lambda: raw.BroadcastArgs(s0=[2, 1, 3], s1=[4, 1])),
    case(lambda: list(raw.BroadcastGradientArgs(s0=[2, 1, 3], s1=[4, 1]))),
    case(lambda: list(raw.BroadcastGradientArgs(s0=[2, 3], s1=[2, 3]))),
]
