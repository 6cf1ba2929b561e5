VALUES = np.array([-2.5, -0.4, 0, 0.6, 1.5, 300.7], np.float32)
CASES = [
    case(lambda x: tf.cast(x, tf.int32), VALUES),
    case(lambda x: tf.cast(x, tf.bool), VALUES),
    case(lambda x: tf.cast(x, tf.float16), VALUES),
    case(lambda x: tf.cast(x, tf.float32), np.array([1, 0], bool)),
    *[case(lambda x: tf.cast(tf.cast(x, tf.as_dtype("float8_e4m3fn")), x.dtype), np.array([0.3, -1.07, 17.4, 447, 470, -1e9, 2e-3, 1e-9, 0], t), why="float8")
      for t in [np.float32, np.float16]],
]
