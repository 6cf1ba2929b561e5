L = keras.layers
X = (2, 5, 7, 3)
CASES = [
    case(L.CenterCrop(3, 4), X),
    case(L.CenterCrop(5, 7), X, why="everything"),
    case(L.CenterCrop(3, 9), X, why="wider than the images: resampled"),
    case(L.CenterCrop(3, 4), X, declared=(None, None, None, 3), why="unknown sizes"),
    case(L.CenterCrop(9, 4), X, declared=(None, None, None, 3), why="unknown sizes, higher than the images"),
    case(L.CenterCrop(3, 4, data_format="channels_first"), (2, 3, 5, 7), why="channels first"),
    case(L.CenterCrop(3, 4), X, dtype="uint8", high=256, why="bytes"),
]
REJECTED = [reject({"height": 0}, "bad_config"), reject({"width": None}, "bad_config")]
