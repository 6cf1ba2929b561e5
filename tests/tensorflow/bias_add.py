CASES = [
    case(lambda x, b: tf.nn.bias_add(x, b), (2, 3, 4), (4,)),
    case(lambda x, b: tf.nn.bias_add(x, b, data_format="NCHW"), (2, 3, 4, 5), (3,)),
    case(lambda x, b: tf.raw_ops.BiasAddV1(value=x, bias=b), (2, 4), (4,)),
]
