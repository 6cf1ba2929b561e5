L = keras.layers
T = L.Conv2DTranspose
CASES = [
    case(T(4, 3), (2, 4, 5, 3)),
    case(T(4, 3, padding="same", activation="relu", use_bias=False), (2, 4, 5, 3), why="same, no bias"),
    case(T(2, 2, strides=2), (2, 4, 5, 3), why="doubles the size, as a U-Net does"),
    case(T(3, 4, strides=2, padding="same"), (2, 4, 5, 3), why="even kernel, stride, same"),
    case(T(3, (3, 2), strides=(1, 3)), (2, 4, 5, 3), why="uneven kernel and strides, valid"),
    case(T(3, (2, 5), strides=(3, 2), padding="same"), (2, 4, 5, 3), why="uneven kernel and strides, same"),
    case(T(2, 1, strides=2), (2, 4, 5, 3), why="stride larger than the kernel: gaps hold the bias"),
    case(T(2, 3, strides=2, output_padding=1), (2, 4, 5, 3), why="output padding, valid"),
    case(T(2, 3, strides=2, padding="same", output_padding=(0, 1)), (2, 4, 5, 3), why="output padding, same"),
    case(T(2, 3, dilation_rate=2), (2, 4, 5, 3), why="dilation, valid"),
    case(T(2, (2, 3), dilation_rate=(1, 2), padding="same"), (2, 4, 5, 3), why="dilation, same"),
    case(T(19, 3, strides=2, padding="same"), (2, 3, 3, 17), why="primes larger than a vector"),
    case(T(3, 3, strides=2, padding="same"), (2, 3, 4, 2), declared=(None, None, None, 2), why="unknown size"),
    case(T(3, 3, strides=2, padding="same", data_format="channels_first"), (2, 3, 4, 5), why="channels_first"),
    case(T(2, 3, strides=2, dtype="float64"), (2, 3, 3, 2), dtype="float64"),
]
REJECTED = [
    reject({"filters": 0}, "bad_config"),
    reject({"kernel_size": [3, 0]}, "bad_config"),
    reject({"kernel_size": [3]}, "bad_config"),
    reject({"strides": [0, 1]}, "bad_config"),
    reject({"padding": "causal"}, "bad_config"),
    reject({"output_padding": [2, 2]}, "bad_config", of=7),
    reject({"strides": [2, 2]}, "bad_config", of=9),
]
