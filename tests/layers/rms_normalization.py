L = keras.layers
CASES = [
    case(L.RMSNormalization(), (2, 37)),
    case(L.RMSNormalization(epsilon=0.5), (2, 3, 4, 5), why="epsilon that matters"),
    case(L.RMSNormalization(axis=1), (2, 5, 4, 5), why="scale goes along the last axis even so"),
    case(L.RMSNormalization(axis=[2, 3]), (2, 3, 4, 5), why="two axes, scale of two dimensions"),
    case(L.RMSNormalization(), (2, 4, 3), declared=(None, None, 3), why="unknown length"),
    case(L.RMSNormalization(dtype="float16"), (2, 5), dtype="float16", why="sums in float32"),
]
REJECTED = [reject({"axis": 5}, "bad_config"), reject({"axis": 1}, "bad_shape", of=1), reject({"epsilon": None}, "bad_config")]
