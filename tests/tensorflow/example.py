def message(**features):
    def feature(v):
        if isinstance(v[0], bytes):
            return tf.train.Feature(bytes_list=tf.train.BytesList(value=v))
        if isinstance(v[0], float):
            return tf.train.Feature(float_list=tf.train.FloatList(value=v))
        return tf.train.Feature(int64_list=tf.train.Int64List(value=v))
    made = tf.train.Features(feature={k: feature(v) for k, v in features.items()})
    return tf.train.Example(features=made).SerializeToString()


E = np.array([message(a=[1.0, 2.0], b=[7], c=[b"x", b"yz"], d=[1, 2, 3, 4]), message(a=[3.0, 4.0], c=[b"w"], d=[5, 6])])
SPEC = {
    "a": tf.io.FixedLenFeature([2], tf.float32),
    "b": tf.io.FixedLenFeature([], tf.int64, default_value=-1),
    "c": tf.io.VarLenFeature(tf.string),
    "d": tf.io.FixedLenSequenceFeature([2], tf.int64, allow_missing=True),
}


def parts(parsed):
    flat = []
    for key in sorted(parsed):
        value = parsed[key]
        if isinstance(value, tf.SparseTensor):
            flat += [value.indices, value.values, value.dense_shape]
        elif isinstance(value, tf.RaggedTensor):
            flat += [value.values, value.row_splits]
        else:
            flat.append(value)
    return flat


CASES = [
    case(lambda e: parts(tf.io.parse_example(e, SPEC)), E),
    case(lambda e: parts(tf.io.parse_example(e, {"d": tf.io.RaggedFeature(tf.int64), "c": tf.io.VarLenFeature(tf.string)})), E),
    case(lambda e: parts(tf.io.parse_single_example(e, {k: SPEC[k] for k in "abc"})), np.array(E[0])),
    case(lambda e: list(tf.raw_ops.ParseExample(serialized=e, names=[], sparse_keys=["c"], dense_keys=["a"], dense_defaults=[tf.constant([], tf.float32)], sparse_types=[tf.string], dense_shapes=[[2]]).dense_values), E),
]
