L = keras.layers
U = L.UpSampling1D
CASES = [
    case(U(), (2, 5, 3), why="twice"),
    case(U(3), (2, 5, 3)),
    case(U(1), (2, 5, 3), why="once"),
    case(U(2), (2, 4, 3), declared=(None, None, 3), why="unknown length"),
]
REJECTED = [
    reject({"size": 0}, "bad_config"),
    reject({"size": -2}, "bad_config"),
    reject({"size": "two"}, "bad_config"),
]
