L = keras.layers
CASES = [
    case(L.BatchNormalization(), (2, 7)),
    case(L.BatchNormalization(epsilon=0.5), (2, 3, 4, 5), why="epsilon that matters"),
    case(L.BatchNormalization(scale=False), (2, 3, 4, 5), why="no gamma"),
    case(L.BatchNormalization(center=False), (2, 3, 4, 5), why="no beta"),
    case(L.BatchNormalization(center=False, scale=False), (2, 3, 4, 5), why="neither"),
    case(L.BatchNormalization(axis=1), (2, 3, 4, 5), why="channels_first"),
    case(L.BatchNormalization(axis=2), (2, 3, 4, 5), why="axis in the middle"),
    case(L.BatchNormalization(axis=-1), (2, 5, 37), why="sequence, prime number of channels"),
    case(L.BatchNormalization(), (2, 2, 3, 2, 3), why="five dimensions"),
    case(L.BatchNormalization(), (2, 3, 4, 3), declared=(None, None, None, 3), why="unknown size"),
    case(
        lambda x: L.BatchNormalization()(L.Conv2D(19, 2, use_bias=False)(x)),
        (2, 3, 4, 3),
        why="after a convolution without bias: may go into its epilogue",
    ),
    case(
        lambda x: L.ReLU()(L.BatchNormalization(scale=False)(L.DepthwiseConv2D(2)(x))),
        (2, 3, 4, 3),
        why="depthwise convolution, normalisation, relu",
    ),
    case(lambda x: L.BatchNormalization()(L.Dense(6)(x)), (2, 7), why="after a dense layer with bias"),
    case(lambda x: L.Conv2D(3, 2, padding="same")(L.BatchNormalization()(x)), (2, 3, 4, 3), why="before a convolution"),
    case(L.BatchNormalization(dtype="float16"), (2, 7), dtype="float16"),
    case(L.BatchNormalization(dtype="float64"), (2, 7), dtype="float64"),
]
REJECTED = [
    reject({"axis": 2}, "bad_config"),
    reject({"axis": -3}, "bad_config"),
    reject({"axis": "last"}, "bad_config"),
    reject({"epsilon": "small"}, "bad_config"),
    reject({"epsilon": None}, "bad_config"),
]
