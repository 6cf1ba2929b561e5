def choose(p, x):
    return tf.compat.v1.cond(p, lambda: tf.nn.relu(x), lambda: x - 1)


def constant(p, x):
    return tf.compat.v1.cond(p, lambda: tf.constant([1.0, 2.0]), lambda: tf.constant([3.0]))


def nested(p, q, x):
    inner = lambda: tf.compat.v1.cond(q, lambda: tf.constant(5.0), lambda: tf.reduce_sum(x))
    return tf.compat.v1.cond(p, inner, lambda: tf.constant(7.0))


tf.compat.v1.disable_control_flow_v2()
CASES = [case(f, *values) for f, values in [
    (choose, (np.array(True), (2, 3))),
    (choose, (np.array(False), (2, 3))),
    (constant, (np.array(True), (1,))),
    (constant, (np.array(False), (1,))),
    (nested, (np.array(True), np.array(True), (3,))),
    (nested, (np.array(True), np.array(False), (3,))),
    (nested, (np.array(False), np.array(True), (3,))),
]]
