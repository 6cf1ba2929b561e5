L = keras.layers
R = L.Resizing
X = (2, 5, 7, 3)
BYTES = {"dtype": "uint8", "high": 256}
CASES = [
    case(R(3, 4), X),
    case(R(9, 6, interpolation="nearest"), X, why="nearest"),
    case(R(9, 6, interpolation="bicubic"), X, why="bicubic"),
    case(R(3, 4, interpolation="lanczos3"), X, why="lanczos3"),
    case(R(3, 4, antialias=True), X, why="antialias"),
    case(R(4, 4, crop_to_aspect_ratio=True), X, why="cut to the target's proportions"),
    case(R(4, 6, pad_to_aspect_ratio=True, fill_value=0.5), X, why="padded to the target's proportions"),
    case(R(9, 3, pad_to_aspect_ratio=True), X, why="padded above and below"),
    case(R(4, 4, crop_to_aspect_ratio=True), X, declared=(None, None, None, 3), why="unknown sizes"),
    case(R(3, 4, data_format="channels_first"), (2, 3, 5, 7), why="channels first"),
    case(R(3, 4), X, **BYTES, why="bytes are rounded"),
    case(R(9, 11, interpolation="bicubic"), X, **BYTES, why="bytes are kept in range"),
    case(R(3, 4, interpolation="nearest"), X, **BYTES, why="bytes stay bytes"),
]
REJECTED = [
    reject({"height": 0}, "bad_config"),
    reject({"interpolation": "gaussian"}, "bad_config"),
    reject({"fill_mode": "reflect"}, "bad_config"),
    reject({"crop_to_aspect_ratio": True, "pad_to_aspect_ratio": True}, "bad_config"),
]
