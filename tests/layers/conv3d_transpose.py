L = keras.layers
T = L.Conv3DTranspose
CASES = [
    case(T(4, 2), (2, 2, 3, 4, 2)),
    case(T(3, 3, padding="same", activation="relu", use_bias=False), (2, 2, 3, 4, 2), why="same, no bias"),
    case(T(2, 2, strides=2), (2, 2, 3, 4, 2), why="doubles the size"),
    case(T(2, (1, 2, 3), strides=(2, 1, 3), padding="same"), (2, 2, 3, 4, 2), why="uneven kernel and strides, same"),
    case(T(2, 2, strides=(1, 2, 3)), (2, 2, 3, 4, 2), why="uneven strides, valid"),
    case(T(2, 3, strides=2, padding="same", output_padding=0), (2, 2, 3, 4, 2), why="output padding"),
    case(T(17, 1), (2, 1, 2, 2, 19), why="point, primes larger than a vector"),
    case(T(2, 2, strides=2, data_format="channels_first"), (2, 2, 2, 3, 4), why="channels_first"),
]
REJECTED = [
    reject({"filters": 0}, "bad_config"),
    reject({"kernel_size": [2, 2]}, "bad_config"),
    reject({"strides": [1, 0, 1]}, "bad_config"),
    reject({"padding": "causal"}, "bad_config"),
]
