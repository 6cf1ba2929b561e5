L = keras.layers
BIG = np.linspace(-100.0, 100.0, 2 * 37) % 47 * 4
CASES = [
    case(L.Softmax(), (2, 37)),
    case(L.Softmax(), (2, 37), inputs=[BIG], why="values up to 188: the largest has to be taken off first"),
    case(L.Softmax(), (2, 1), why="one class is 1"),
    case(L.Softmax(axis=-1), (2, 3, 4, 5), why="last axis of four"),
    case(L.Softmax(axis=1), (2, 3, 4, 5), why="first axis after the batch"),
    case(L.Softmax(axis=-2), (2, 3, 4, 5), why="axis in the middle"),
    case(L.Softmax(axis=[1, 2]), (2, 3, 4, 5), why="two axes together"),
    case(L.Softmax(axis=0), (2, 3, 4, 5), why="over the batch"),
    case(L.Softmax(dtype="float16"), (2, 5), dtype="float16"),
]
REJECTED = [reject({"axis": 2}, "bad_config"), reject({"axis": "last"}, "bad_config")]
