L = keras.layers
C = L.LocallyConnected2D
CASES = [
    case(C(4, 3), (2, 5, 6, 3)),
    case(C(3, (2, 3), strides=(2, 1), activation="tanh"), (2, 5, 6, 3), why="uneven kernel and strides"),
    case(C(2, 2, use_bias=False), (2, 5, 6, 3), why="no bias"),
    case(C(2, (5, 6)), (2, 5, 6, 3), why="kernel as large as the image"),
    case(C(3, (3, 2), implementation=2), (2, 5, 6, 3), why="implementation 2"),
    case(C(3, (2, 3), strides=(2, 1), implementation=3), (2, 5, 6, 3), why="implementation 3"),
    case(C(2, 3, padding="same", implementation=2, activation="relu"), (2, 5, 6, 3), why="implementation 2, same"),
    case(C(2, (2, 4), padding="same", implementation=3), (2, 5, 6, 3), why="implementation 3, same"),
    case(C(2, 2, implementation=2, data_format="channels_first"), (2, 3, 5, 4), why="implementation 2, channels_first"),
    case(C(2, 2, implementation=3, data_format="channels_first"), (2, 3, 5, 4), why="implementation 3, channels_first"),
]
REJECTED = [
    reject({"filters": 0}, "bad_config"),
    reject({"kernel_size": [0, 3]}, "bad_config"),
    reject({"kernel_size": [6, 3]}, "bad_shape"),
    reject({"padding": "same"}, "bad_config"),
    reject({"implementation": 4}, "bad_config"),
]
