L = keras.layers
CASES = [
    case(L.Identity(), (2, 7)),
    case(L.Identity(), (2, 3, 5), dtype="int32", why="integers"),
]
