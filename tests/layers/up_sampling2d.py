L = keras.layers
U = L.UpSampling2D
CASES = [
    case(U(), (2, 4, 5, 3), why="twice"),
    case(U((3, 1)), (2, 4, 5, 3), why="rows only"),
    case(U((2, 3), interpolation="bilinear"), (2, 4, 5, 3), why="bilinear"),
    case(U(4, interpolation="bilinear"), (2, 1, 2, 3), why="bilinear from one row"),
    case(U(2, data_format="channels_first"), (2, 3, 4, 5), why="channels_first"),
    case(
        U((3, 2), data_format="channels_first", interpolation="bilinear"), (2, 3, 4, 5), why="channels_first, bilinear"
    ),
    case(U(2), (2, 3, 4, 3), declared=(None, None, None, 3), why="unknown size"),
    case(U(2, interpolation="bilinear"), (2, 3, 4, 3), declared=(None, None, None, 3), why="unknown size, bilinear"),
    case(U(2), (2, 2, 2, 19), why="prime number of channels"),
]
REJECTED = [
    reject({"size": [0, 2]}, "bad_config"),
    reject({"size": [2, 2, 2]}, "bad_config"),
    reject({"interpolation": "guess"}, "bad_config"),
]
