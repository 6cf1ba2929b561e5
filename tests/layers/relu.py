L = keras.layers
CASES = [
    case(L.ReLU(), (2, 37)),
    case(L.ReLU(max_value=0.5), (2, 3, 4, 5), why="cap"),
    case(L.ReLU(max_value=6.0), (2, 3, 4, 5), why="relu6"),
    case(L.ReLU(negative_slope=0.3), (2, 3, 4, 5), why="slope"),
    case(L.ReLU(threshold=0.4), (2, 3, 4, 5), why="threshold, zero below it"),
    case(L.ReLU(max_value=0.75, negative_slope=0.2, threshold=0.25), (2, 3, 4, 5), why="all three"),
    case(L.ReLU(max_value=0.0), (2, 37), why="cap of 0 is a cap, not none"),
    case(L.ReLU(dtype="float16"), (2, 5), dtype="float16"),
]
REJECTED = [
    reject({"max_value": -1.0}, "bad_config"),
    reject({"negative_slope": -0.1}, "bad_config"),
    reject({"threshold": -0.5}, "bad_config"),
    reject({"negative_slope": "steep"}, "bad_config"),
]
