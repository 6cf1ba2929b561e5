L = keras.layers
CASES = [
    case(L.UnitNormalization(), (2, 37)),
    case(L.UnitNormalization(axis=1), (2, 3, 4, 5), why="first axis after the batch"),
    case(L.UnitNormalization(axis=[1, 3]), (2, 3, 4, 5), why="axes apart"),
    case(L.UnitNormalization(), (2, 3), inputs=[[[0, 0, 0], [1e-8, 0, 2e-8]]], why="zero stays zero"),
]
REJECTED = [reject({"axis": 2}, "bad_config"), reject({"axis": "last"}, "bad_config")]
