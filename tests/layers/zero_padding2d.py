L = keras.layers
P = L.ZeroPadding2D
CASES = [
    case(P(), (2, 4, 5, 3), why="one on all sides"),
    case(P(2), (2, 4, 5, 3)),
    case(P((3, 1)), (2, 4, 5, 3), why="rows and columns"),
    case(P(((0, 1), (2, 0))), (2, 4, 5, 3), why="four numbers"),
    case(P(((0, 1), (2, 3)), data_format="channels_first"), (2, 4, 5, 3), why="channels_first"),
    case(P(((0, 1), (0, 1))), (2, 3, 4, 3), declared=(None, None, None, 3), why="unknown size"),
    case(
        lambda x: L.Conv2D(4, 3, strides=2)(P(((0, 1), (0, 1)))(x)),
        (2, 4, 5, 3),
        why="before a strided convolution, as in MobileNet",
    ),
    case(
        lambda x: L.MaxPooling2D(3, strides=2)(P(1)(x)),
        (2, 4, 5, 3),
        why="before a max pooling: the zeros take part",
    ),
]
REJECTED = [
    reject({"padding": [[-1, 0], [0, 0]]}, "bad_config"),
    reject({"padding": [1, 2, 3]}, "bad_config"),
    reject({"padding": "one"}, "bad_config"),
]
