def choose(p, x):
    return tf.compat.v1.cond(p, lambda: tf.nn.relu(x), lambda: x - 1)


def nested(p, q, x):
    return tf.cond(p, lambda: tf.cond(q, lambda: x, lambda: -x), lambda: tf.concat([x, x], 0))


def case_of(i, x):
    return tf.switch_case(i, [lambda: x, lambda: x * 2, lambda: tf.zeros_like(x)])


tf.compat.v1.enable_control_flow_v2()
CASES = [
    case(choose, np.array(True), (2, 3)),
    case(choose, np.array(False), (2, 3)),
    case(nested, np.array(True), np.array(False), (2, 3), why="a branch within a branch"),
    case(nested, np.array(False), np.array(False), (2, 3), why="branches of different sizes"),
    case(case_of, np.array(1, np.int32), (2, 3)),
    case(case_of, np.array(7, np.int32), (2, 3), why="a number beyond the branches takes the last"),
]
