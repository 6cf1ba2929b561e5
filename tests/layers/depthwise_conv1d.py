L = keras.layers
D = L.DepthwiseConv1D
CASES = [
    case(D(3), (2, 11, 5)),
    case(D(3, padding="same", activation="relu", use_bias=False), (2, 11, 5), why="same, no bias"),
    case(D(4, strides=3, padding="same"), (2, 11, 5), why="even kernel, stride, same"),
    case(D(2, strides=2), (2, 11, 5), why="stride leaves a rest, valid"),
    case(D(3, depth_multiplier=3), (2, 11, 5), why="several outputs a channel"),
    case(D(3, dilation_rate=2, padding="same"), (2, 11, 5), why="dilation"),
    case(D(3), (2, 4, 37), why="primes larger than a vector"),
    case(D(3, padding="same"), (2, 6, 2), declared=(None, None, 2), why="unknown length"),
    case(D(3, data_format="channels_first"), (2, 5, 11), why="channels_first"),
]
REJECTED = [
    reject({"kernel_size": [0]}, "bad_config"),
    reject({"kernel_size": [12]}, "bad_config"),
    reject({"strides": [0]}, "bad_config"),
    reject({"depth_multiplier": 0}, "bad_config"),
    reject({"padding": "full"}, "bad_config"),
]
