def reverse(x):
    a = tf.TensorArray(tf.float32, 3).unstack(x)
    return tf.compat.v1.while_loop(lambda i, b: i < 3, lambda i, b: (i + 1, b.write(i, a.read(2 - i) * 2)),
                                   (0, tf.TensorArray(tf.float32, 3)))[1].stack()


def parts(x):
    a = tf.TensorArray(tf.float32, 2, infer_shape=False, clear_after_read=False).split(x, [1, 3])
    return [a.concat(), a.read(1), tf.cast(a.size(), tf.int32)]


def gathered(x):
    return tf.TensorArray(tf.float32, 4).scatter([3, 1, 0, 2], x).gather([1, 3])


def grows(x):
    a = tf.TensorArray(tf.float32, 0, dynamic_size=True, element_shape=[2])
    return a.write(0, x).write(1, x * 2).stack()


tf.compat.v1.disable_control_flow_v2()
CASES = [
    case(reverse, (3, 2)),
    case(parts, (4, 2)),
    case(gathered, (4, 2)),
    case(grows, (2,)),
]
