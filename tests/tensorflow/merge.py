# Loops of TensorFlow 1: Enter, Merge, Switch, NextIteration, Exit.
def count(n):
    return tf.compat.v1.while_loop(lambda i, s: i < n, lambda i, s: (i + 1, s * 2 + 1), (0, 0))


def power(n, x, w):
    return tf.compat.v1.while_loop(lambda i, y: i < n, lambda i, y: (i + 1, tf.tanh(tf.matmul(y, w))), (0, x))[1]


def with_condition(n, x):
    step = lambda i, y: (i + 1, tf.compat.v1.cond(tf.equal(i % 2, 0), lambda: y + 1, lambda: y * 2))
    return tf.compat.v1.while_loop(lambda i, y: i < n, step, (0, x))[1]


def nested(n):
    inner = lambda i: tf.compat.v1.while_loop(lambda j, t: j < i, lambda j, t: (j + 1, t + j), (0, 0))[1]
    return tf.compat.v1.while_loop(lambda i, s: i < n, lambda i, s: (i + 1, s + inner(i)), (0, 0))[1]


def merged(p, x):
    no, yes = tf.raw_ops.Switch(data=x, pred=p)
    return list(tf.raw_ops.Merge(inputs=[no - 1, yes + 1]))


tf.compat.v1.disable_control_flow_v2()
CASES = [
    case(count, np.array(5, np.int32)),
    case(count, np.array(0, np.int32), why="no turn at all"),
    case(power, np.array(3, np.int32), (2, 3), (3, 3)),
    case(with_condition, np.array(5, np.int32), (2, 2)),
    case(nested, np.array(4, np.int32)),
    case(merged, np.array(True), (2,)),
    case(merged, np.array(False), (2,)),
]
