L = keras.layers
CASES = [
    case(L.ELU(), (2, 37)),
    case(L.ELU(alpha=0.3), (2, 3, 4, 5), why="alpha"),
    case(L.ELU(alpha=2.0, dtype="float64"), (2, 5), dtype="float64"),
]
REJECTED = [reject({"alpha": "one"}, "bad_config")]
