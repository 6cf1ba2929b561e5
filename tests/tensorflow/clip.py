CASES = [
    case(lambda x: tf.nn.relu6(x), np.array([-1, 3, 7.5], np.float32)),
    case(lambda x: tf.nn.leaky_relu(x, 0.3), (2, 3)),
    case(lambda x: tf.clip_by_value(x, -0.5, 0.5), (2, 3)),
    case(lambda x: tf.raw_ops.ClipByValue(t=x, clip_value_min=1, clip_value_max=3), np.array([0, 2, 9], np.int32)),
]
