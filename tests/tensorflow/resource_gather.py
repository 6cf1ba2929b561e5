raw = tf.raw_ops


def gathered(op, number):
    def run(x, i):
        handle = raw.VarHandleOp(dtype=tf.float32, shape=x.shape, shared_name=f"gathered{number}")
        with tf.control_dependencies([raw.AssignVariableOp(resource=handle, value=x)]):
            return op(resource=handle, indices=i, dtype=tf.float32)
    return run


CASES = [
    case(gathered(raw.ResourceGather, 0), (4, 3), np.array([[2, 0], [1, 1]], np.int64)),
    case(gathered(raw.ResourceGatherNd, 1), (4, 3), np.array([[2, 0], [1, 1]], np.int32)),
]
