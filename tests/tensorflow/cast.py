VALUES = np.array([-2.5, -0.4, 0, 0.6, 1.5, 300.7], np.float32)
CASES = [
    case(lambda x: tf.cast(x, tf.int32), VALUES),
    case(lambda x: tf.cast(x, tf.bool), VALUES),
    case(lambda x: tf.cast(x, tf.float16), VALUES),
    case(lambda x: tf.cast(x, tf.float32), np.array([1, 0], bool)),
]
