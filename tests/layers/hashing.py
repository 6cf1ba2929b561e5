L = keras.layers
H = L.Hashing
IDS = {"dtype": "int64", "low": -5, "high": 1000}
CASES = [
    case(H(7), (2, 5), **IDS),
    case(H(7, mask_value=3), (2, 4), dtype="int64", inputs=[[[3, 4, 5, 3], [0, 1, 2, 3]]], why="bin 0 is for masked ones"),
    case(H(7, output_mode="one_hot"), (2, 1), **IDS, why="one-hot"),
    case(H(7, output_mode="multi_hot"), (2, 5), **IDS, why="multi-hot"),
    case(H(7, output_mode="count"), (2, 5), **IDS, why="counts"),
    case(H(1), (2, 5), **IDS, why="one bin"),
    case(H(7, dtype="int32"), (2, 5), **IDS, why="as int32"),
    case(H(7), (2, 3), why="floating point is cut"),
]
REJECTED = [
    reject({"num_bins": 0}, "bad_config"),
    reject({"salt": [1, 2]}, "unsupported"),
    reject({"mask_value": "none"}, "bad_config"),
    reject({"sparse": True, "output_mode": "count"}, "unsupported"),
]
