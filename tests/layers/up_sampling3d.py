L = keras.layers
U = L.UpSampling3D
CASES = [
    case(U(), (2, 2, 3, 2, 2), why="twice"),
    case(U((1, 2, 3)), (2, 2, 3, 2, 2), why="three sizes"),
    case(U((1, 2, 3), data_format="channels_first"), (2, 2, 3, 2, 2), why="channels_first"),
]
REJECTED = [reject({"size": [2, 0, 2]}, "bad_config"), reject({"size": [2, 2]}, "bad_config")]
