L = keras.layers
S = L.SeparableConv1D
CASES = [
    case(S(4, 3), (2, 11, 5)),
    case(S(4, 3, padding="same", activation="relu", use_bias=False), (2, 11, 5), why="same, no bias"),
    case(S(3, 4, strides=3, padding="same"), (2, 11, 5), why="even kernel, stride, same"),
    case(S(3, 3, depth_multiplier=2), (2, 11, 5), why="several values a channel between the two"),
    case(S(3, 3, dilation_rate=2, padding="same"), (2, 11, 5), why="dilation"),
    case(S(19, 3), (2, 4, 37), why="primes larger than a vector"),
    case(S(3, 3, data_format="channels_first"), (2, 5, 11), why="channels_first"),
]
REJECTED = [
    reject({"filters": 0}, "bad_config"),
    reject({"kernel_size": [0]}, "bad_config"),
    reject({"strides": [0]}, "bad_config"),
    reject({"depth_multiplier": 0}, "bad_config"),
    reject({"padding": "full"}, "bad_config"),
]
