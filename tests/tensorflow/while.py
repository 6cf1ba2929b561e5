def count(n):
    return tf.while_loop(lambda i, s: i < n, lambda i, s: (i + 1, s * 2 + 1), (0, 0))


def power(n, x, w):
    return tf.while_loop(lambda i, y: i < n, lambda i, y: (i + 1, tf.tanh(tf.matmul(y, w))), (0, x))[1]


def grow(x):
    return tf.while_loop(lambda y: tf.shape(y)[0] < 7, lambda y: (tf.concat([y, y], 0),), (x,),
                         shape_invariants=(tf.TensorShape([None, 2]),))[0]


def nested(n):
    outer = lambda i, s: (i + 1, s + tf.while_loop(lambda j, t: j < i, lambda j, t: (j + 1, t + j), (0, 0))[1])
    return tf.while_loop(lambda i, s: i < n, outer, (0, 0))[1]


tf.compat.v1.enable_control_flow_v2()
CASES = [
    case(count, np.array(5, np.int32)),
    case(count, np.array(0, np.int32), why="no turn at all"),
    case(power, np.array(3, np.int32), (2, 3), (3, 3), why="a weight that the loop does not change"),
    case(grow, (2, 2), why="sizes that change"),
    case(nested, np.array(4, np.int32)),
]
