L = keras.layers
P = L.MaxPooling3D
CASES = [
    case(P(2), (2, 4, 5, 3, 3), why="strides are the pool size, a rest is left"),
    case(P(2, padding="same"), (2, 4, 5, 3, 3), why="same: the rest counts"),
    case(P(3, strides=1, padding="same"), (2, 4, 5, 3, 3), why="overlapping, same"),
    case(P((3, 2, 1), strides=(2, 1, 3)), (2, 4, 5, 3, 3), why="uneven, valid"),
    case(P((3, 2, 1), strides=(2, 1, 1), padding="same"), (2, 4, 5, 3, 3), why="uneven, same"),
    case(P(2, strides=3, padding="same"), (2, 4, 5, 3, 3), why="strides skip values, same"),
    case(P(2), (2, 3, 2, 2, 19), why="prime number of channels"),
    case(P(2, padding="same"), (2, 3, 2, 4, 2), declared=(None, None, None, None, 2), why="unknown size"),
    case(P(2, padding="same", data_format="channels_first"), (2, 3, 4, 5, 3), why="channels_first"),
    case(P(2, strides=1, data_format="channels_first"), (2, 3, 4, 5, 3), why="channels_first, overlapping"),
]
REJECTED = [
    reject({"pool_size": [0, 2, 2]}, "bad_config"),
    reject({"pool_size": [12, 1, 1]}, "bad_config"),
    reject({"pool_size": [2, 2, 2, 2]}, "bad_config"),
    reject({"strides": [0, 2, 2]}, "bad_config"),
    reject({"padding": "causal"}, "bad_config"),
    reject({"data_format": "channels_middle"}, "bad_config"),
]
