CASES = [
    case(lambda x: tf.shape(x), (2, 3)),
    case(lambda x: tf.shape(x, out_type=tf.int64), (2, 3), declared=[[2, 3]]),
    case(lambda x: tf.raw_ops.Size(input=x), (2, 3)),
    case(lambda x: tf.raw_ops.Rank(input=x), (2, 3)),
    case(lambda x, y: tf.shape_n([x, y]), (2, 3), (4,)),
    case(lambda x: tf.shape(x), np.array([[b"a", b"b"]])),
]
