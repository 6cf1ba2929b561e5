L = keras.layers
CASES = [
    case(L.Subtract(), [(2, 37), (2, 37)]),
    case(L.Subtract(), [(2, 3, 4), (2, 1, 4)], why="broadcast over an axis of 1"),
    case(L.Subtract(), [(2, 1, 4), (2, 3, 1)], why="broadcast both ways"),
    case(L.Subtract(), [(2, 4), (2, 3, 4)], why="fewer dimensions: the missing ones come after the batch"),
    case(lambda x: L.Subtract()([x, x]), (2, 37), why="a tensor with itself"),
    case(L.Subtract(dtype="float64"), [(2, 5), (2, 5)], dtype="float64"),
]
