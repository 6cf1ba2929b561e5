L = keras.layers
CASES = [
    case(L.Conv3D(4, 2), (2, 3, 4, 5, 2)),
    case(L.Conv3D(3, 3, padding="same", activation="relu", use_bias=False), (2, 3, 4, 5, 2), why="same, no bias"),
    case(L.Conv3D(3, (1, 2, 3), strides=(2, 1, 3), padding="same"), (2, 3, 4, 5, 2), why="uneven kernel and strides"),
    case(L.Conv3D(2, 2, strides=2), (2, 3, 4, 5, 2), why="strides leave a rest, valid"),
    case(L.Conv3D(2, 2, dilation_rate=(1, 2, 3)), (2, 3, 4, 5, 2), why="dilation, valid"),
    case(L.Conv3D(2, 3, dilation_rate=2, padding="same"), (2, 3, 4, 5, 2), why="dilation, same"),
    case(L.Conv3D(4, 2, groups=2), (2, 3, 3, 2, 4), why="groups"),
    case(L.Conv3D(19, 1), (2, 2, 1, 2, 17), why="point, primes larger than a vector"),
    case(L.Conv3D(2, 2), (2, 3, 3, 2, 4), declared=(None, None, None, None, 4), why="unknown size"),
    case(L.Conv3D(2, 2, data_format="channels_first"), (2, 2, 3, 4, 5), why="channels_first"),
]
REJECTED = [
    reject({"filters": -4}, "bad_config"),
    reject({"kernel_size": [2, 2]}, "bad_config"),
    reject({"kernel_size": [4, 2, 2]}, "bad_config"),
    reject({"strides": [1, 0, 1]}, "bad_config"),
    reject({"padding": "causal"}, "bad_config"),
    reject({"groups": 3}, "bad_config"),
]
