L = keras.layers
CASES = [
    case(L.Concatenate(), [(2, 7), (2, 3)]),
    case(L.Concatenate(), [(2, 3, 4, 1), (2, 3, 4, 2), (2, 3, 4, 5)], why="three along the channels"),
    case(L.Concatenate(axis=1), [(2, 3, 4), (2, 1, 4)], why="first axis after the batch"),
    case(L.Concatenate(axis=-2), [(2, 3, 2, 4), (2, 3, 5, 4)], why="axis in the middle"),
    case(L.Concatenate(axis=0), [(2, 5), (2, 5)], why="along the batch"),
    case(L.Concatenate(axis=1), [(2, 3, 4), (2, 2, 4)], declared=[(None, None, 4), (None, 2, 4)], why="unknown length"),
    case(lambda x: L.Concatenate()([x, x, x]), (2, 7), why="a tensor with itself"),
    case(L.Concatenate(), [(2, 3), (2, 2)], dtype="int32", why="integers"),
]
REJECTED = [
    reject({"axis": 4}, "bad_config"),
    reject({"axis": -4}, "bad_config"),
    reject({"axis": "last"}, "bad_config"),
]
