def conv(padding, strides=1, dilations=1, **more):
    return lambda x, w: tf.nn.conv2d(x, w, strides, padding, dilations=dilations, **more)


CASES = [
    case(conv("SAME"), (2, 5, 6, 3), (3, 3, 3, 4)),
    case(conv("VALID", [2, 1]), (2, 7, 6, 3), (3, 2, 3, 4)),
    case(conv("SAME", dilations=2), (1, 7, 7, 2), (3, 3, 2, 3)),
    case(conv([[0, 0], [1, 2], [0, 1], [0, 0]]), (1, 5, 5, 2), (3, 3, 2, 3), why="explicit padding"),
    case(lambda x, w: tf.nn.conv3d(x, w, [1, 1, 2, 1, 1], "SAME"), (1, 3, 4, 5, 2), (2, 2, 2, 2, 3)),
    case(lambda x, w: tf.nn.depthwise_conv2d(x, w, [1, 1, 1, 1], "SAME"), (2, 5, 5, 3), (3, 3, 3, 2)),
    case(lambda x, w: tf.nn.depthwise_conv2d(x, w, [1, 2, 2, 1], "VALID"), (2, 5, 5, 3), (3, 3, 3, 1)),
]
