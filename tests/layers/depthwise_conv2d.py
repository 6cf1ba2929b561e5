L = keras.layers
D = L.DepthwiseConv2D
CASES = [
    case(D(3), (2, 7, 8, 5)),
    case(D(3, padding="same", activation="relu6", use_bias=False), (2, 7, 8, 5), why="same, no bias"),
    case(D(3, strides=2, padding="same"), (2, 7, 8, 5), why="stride, same: odd and even sizes pad unlike"),
    case(D((2, 5), strides=3), (2, 7, 8, 5), why="uneven kernel, stride leaves a rest, valid"),
    case(D(5, strides=2, padding="same", depth_multiplier=2), (2, 7, 8, 5), why="several outputs a channel"),
    case(D((7, 8)), (2, 7, 8, 5), why="kernel as large as the image"),
    case(D(3, dilation_rate=2), (2, 7, 8, 5), why="dilation, valid"),
    case(D(3, dilation_rate=(1, 3), padding="same"), (2, 7, 8, 5), why="dilation, same"),
    case(D(7, padding="same"), (2, 3, 3, 19), why="kernel larger than the image, primes larger than a vector"),
    case(D(1), (2, 3, 3, 19), why="a scale per channel"),
    case(D(3, strides=2, padding="same"), (2, 5, 4, 2), declared=(None, None, None, 2), why="unknown size"),
    case(D(3, data_format="channels_first"), (2, 5, 7, 8), why="channels_first"),
    case(
        D(3, strides=2, padding="same", depth_multiplier=2, data_format="channels_first"), (2, 5, 7, 8), why="and more"
    ),
    case(D(3, dtype="float64"), (2, 4, 4, 2), dtype="float64"),
]
REJECTED = [
    reject({"kernel_size": [0, 3]}, "bad_config"),
    reject({"kernel_size": [8, 3]}, "bad_config"),
    reject({"kernel_size": [3, 3, 3]}, "bad_config"),
    reject({"strides": [0, 1]}, "bad_config"),
    reject({"depth_multiplier": 0}, "bad_config"),
    reject({"padding": "causal"}, "bad_config"),
]
