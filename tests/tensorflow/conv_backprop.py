raw = tf.raw_ops


def back(sizes, **attrs):
    return lambda w, dy: raw.Conv2DBackpropInput(input_sizes=sizes, filter=w, out_backprop=dy, **attrs)


W, DY = (3, 2, 4, 5), (2, 3, 4, 5)
CASES = [
    case(back([2, 6, 8, 4], strides=[1, 2, 2, 1], padding="SAME"), W, DY),
    case(back([2, 5, 7, 4], strides=[1, 2, 2, 1], padding="SAME"), W, DY, why="less than the default size"),
    case(back([2, 8, 8, 4], strides=[1, 2, 2, 1], padding="VALID"), W, DY),
    case(back([2, 6, 8, 4], strides=[1, 2, 2, 1], padding="EXPLICIT", explicit_paddings=[0, 0, 1, 0, 1, 0, 0, 0]), W, DY),
    case(lambda w, dy: tf.nn.conv_transpose(dy, w, [1, 4, 6, 8, 2], 2), (2, 2, 3, 2, 3), (1, 2, 3, 4, 3)),
    case(lambda x, dy: raw.Conv2DBackpropFilter(input=x, filter_sizes=[3, 2, 4, 5], out_backprop=dy, strides=[1, 2, 2, 1], padding="SAME"),
         (2, 6, 8, 4), DY),
    case(lambda w, dy: raw.DepthwiseConv2dNativeBackpropInput(input_sizes=[1, 4, 4, 2], filter=w, out_backprop=dy, strides=[1, 1, 1, 1], padding="SAME"),
         (3, 3, 2, 2), (1, 4, 4, 4)),
    case(lambda x, dy: raw.DepthwiseConv2dNativeBackpropFilter(input=x, filter_sizes=[3, 3, 2, 2], out_backprop=dy, strides=[1, 1, 1, 1], padding="VALID"),
         (1, 4, 4, 2), (1, 2, 2, 4)),
]
