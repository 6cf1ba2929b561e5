L = keras.layers
S = L.SeparableConv2D
CASES = [
    case(S(4, 3), (2, 6, 7, 3)),
    case(S(4, 3, padding="same", activation="relu", use_bias=False), (2, 6, 7, 3), why="same, no bias"),
    case(S(3, (2, 3), strides=2, padding="same"), (2, 6, 7, 3), why="uneven kernel, stride, same"),
    case(S(3, 3, strides=3), (2, 6, 7, 3), why="stride leaves a rest, valid"),
    case(S(3, 3, depth_multiplier=2), (2, 6, 7, 3), why="several values a channel between the two"),
    case(S(3, 3, dilation_rate=2), (2, 6, 7, 3), why="dilation, valid"),
    case(S(3, 3, dilation_rate=2, padding="same"), (2, 6, 7, 3), why="dilation, same"),
    case(S(17, 3, padding="same"), (2, 3, 2, 19), why="primes larger than a vector"),
    case(S(3, 3, padding="same"), (2, 5, 4, 2), declared=(None, None, None, 2), why="unknown size"),
    case(S(3, 3, data_format="channels_first"), (2, 3, 6, 7), why="channels_first"),
]
REJECTED = [
    reject({"filters": 0}, "bad_config"),
    reject({"kernel_size": [0, 3]}, "bad_config"),
    reject({"kernel_size": [7, 3]}, "bad_config"),
    reject({"strides": [0, 1]}, "bad_config"),
    reject({"depth_multiplier": 0}, "bad_config"),
    reject({"padding": "causal"}, "bad_config"),
]
