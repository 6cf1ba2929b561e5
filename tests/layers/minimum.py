L = keras.layers
CASES = [
    case(L.Minimum(), [(2, 37), (2, 37)]),
    case(L.Minimum(), [(2, 3, 4), (2, 3, 4), (2, 3, 4)], why="three"),
    case(L.Minimum(), [(2, 3, 4), (2, 1, 4)], why="broadcast over an axis of 1"),
    case(L.Minimum(), [(2, 1, 4), (2, 3, 1)], why="broadcast both ways"),
    case(L.Minimum(), [(2, 4), (2, 3, 4)], why="fewer dimensions: the missing ones come after the batch"),
    case(L.Minimum(), [(2, 5, 3), (2, 5, 3)], declared=[(None, None, 3), (None, None, 3)], why="unknown length"),
    case(lambda x: L.Minimum()([x, x]), (2, 37), why="a tensor with itself"),
    case(L.Minimum(dtype="float16"), [(2, 5), (2, 5)], dtype="float16"),
]
