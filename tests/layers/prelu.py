L = keras.layers
CASES = [
    case(L.PReLU(), (2, 37), why="a slope per unit"),
    case(L.PReLU(), (2, 3, 4, 5), why="a slope per pixel and channel"),
    case(L.PReLU(shared_axes=[1, 2]), (2, 3, 4, 5), why="a slope per channel"),
    case(L.PReLU(shared_axes=[3]), (2, 3, 4, 5), why="a slope per pixel"),
    case(L.PReLU(shared_axes=[1, 2, 3]), (2, 3, 4, 5), why="one slope"),
    case(L.PReLU(shared_axes=[1, 2]), (2, 4, 3, 5), declared=(None, None, None, 5), why="unknown size"),
]
REJECTED = [reject({"shared_axes": [7]}, "bad_config"), reject({"shared_axes": "all"}, "bad_config")]
