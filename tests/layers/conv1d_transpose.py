L = keras.layers
T = L.Conv1DTranspose
CASES = [
    case(T(4, 3), (2, 5, 3)),
    case(T(4, 3, padding="same", activation="relu", use_bias=False), (2, 5, 3), why="same, no bias"),
    case(T(3, 4, strides=2, padding="same"), (2, 5, 3), why="stride, same"),
    case(T(3, 3, strides=2), (2, 5, 3), why="stride, valid"),
    case(T(3, 2, strides=3), (2, 5, 3), why="stride longer than the kernel, valid: gaps hold the bias"),
    case(T(3, 2, strides=3, padding="same"), (2, 5, 3), why="stride longer than the kernel, same"),
    case(T(3, 3, strides=2, output_padding=1), (2, 5, 3), why="output padding, valid"),
    case(T(3, 3, strides=2, padding="same", output_padding=0), (2, 5, 3), why="output padding 0, same"),
    case(T(3, 3, strides=2, padding="same", output_padding=1), (2, 5, 3), why="output padding 1, same"),
    case(T(2, 3, dilation_rate=2), (2, 5, 3), why="dilation, valid"),
    case(T(2, 3, dilation_rate=2, padding="same"), (2, 5, 3), why="dilation, same"),
    case(T(19, 3, strides=2), (2, 3, 17), why="primes larger than a vector"),
    case(T(3, 3, strides=2, padding="same"), (2, 4, 2), declared=(None, None, 2), why="unknown length"),
    case(T(3, 3, strides=2, data_format="channels_first"), (2, 3, 5), why="channels_first"),
]
REJECTED = [
    reject({"filters": 0}, "bad_config"),
    reject({"kernel_size": [0]}, "bad_config"),
    reject({"strides": [0]}, "bad_config"),
    reject({"padding": "causal"}, "bad_config"),
    reject({"output_padding": [2]}, "bad_config", of=6),
]
