L = tf.raw_ops


def stacked(x):
    handle = L.TensorListFromTensor(tensor=x, element_shape=[3])
    return [L.TensorListStack(input_handle=handle, element_shape=[3], element_dtype=tf.float32),
            L.TensorListLength(input_handle=handle),
            L.TensorListGetItem(input_handle=handle, index=1, element_shape=[3], element_dtype=tf.float32)]


def changed(x):
    handle = L.TensorListReserve(element_shape=[2], num_elements=3, element_dtype=tf.float32)
    after = L.TensorListSetItem(input_handle=handle, index=1, item=x)
    stack = lambda h: L.TensorListStack(input_handle=h, element_shape=[2], element_dtype=tf.float32)
    return [stack(handle), stack(after)]


def pushed(x):
    handle = L.EmptyTensorList(element_shape=[2], max_num_elements=-1, element_dtype=tf.float32)
    handle = L.TensorListPushBack(input_handle=handle, tensor=x)
    handle = L.TensorListPushBack(input_handle=handle, tensor=x * 2)
    rest, last = L.TensorListPopBack(input_handle=handle, element_shape=[2], element_dtype=tf.float32)
    return [last, L.TensorListLength(input_handle=rest)]


def joined(x):
    handle = L.TensorListSplit(tensor=x, element_shape=[-1, 2], lengths=np.array([1, 3], np.int64))
    out = L.TensorListConcatV2(input_handle=handle, element_shape=[-1, 2], leading_dims=np.zeros(0, np.int64),
                               element_dtype=tf.float32)
    return list(out)


def array(x):
    a = tf.TensorArray(tf.float32, 3, element_shape=[2]).unstack(x)
    return tf.while_loop(lambda i, b: i < 3, lambda i, b: (i + 1, b.write(i, a.read(2 - i) * 2)),
                         (0, tf.TensorArray(tf.float32, 3)))[1].stack()


tf.compat.v1.enable_control_flow_v2()
CASES = [
    case(stacked, (2, 3)),
    case(changed, (2,), why="a list is a value: changing it leaves the old one as it was"),
    case(pushed, (2,)),
    case(joined, (4, 2)),
    case(array, (3, 2), why="a loop over lists"),
]
