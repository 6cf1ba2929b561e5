L = keras.layers
CASES = [
    case(L.Flatten(), (2, 3, 4, 5)),
    case(L.Flatten(), (2, 7), why="nothing to do"),
    case(L.Flatten(), (2,), why="a number per sample becomes a row of one"),
    case(
        L.Flatten(data_format="channels_first"), (2, 3, 4, 5), why="channels_first: channels go last before flattening"
    ),
    case(L.Flatten(), (2, 4, 3), declared=(None, None, 3), why="unknown length"),
    case(L.Flatten(), (2, 3, 2), dtype="int32", why="integers"),
]
REJECTED = [reject({"data_format": "channels_middle"}, "bad_config")]
