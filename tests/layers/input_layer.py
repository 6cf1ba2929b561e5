L = keras.layers
CASES = [
    case(L.Activation("relu"), (2, 5)),
    case(L.Activation("relu"), (2, 5), declared=(2, 5), why="fixed batch"),
    case(L.Activation("relu"), (2, 3, 4), declared=(None, None, None), why="only the number of dimensions is known"),
    case(L.Activation("relu"), (2,), why="a number a sample"),
    case(L.Flatten(), (2, 3), dtype="int32", why="integers"),
    case(L.Flatten(), (2, 3), dtype="int64", why="64-bit integers"),
    case(L.Flatten(), (2, 3), dtype="uint8", high=256, why="bytes"),
    case(L.Flatten(dtype="float64"), (2, 3), dtype="float64"),
    case(L.Flatten(dtype="float16"), (2, 3), dtype="float16"),
    case(L.Dense(3), (2, 4), dtype="float64", why="a float32 layer casts it"),
]
