L = keras.layers
CASES = [
    case(L.Permute((3, 1, 2)), (2, 3, 4, 5)),
    case(L.Permute((3, 2, 1)), (2, 3, 4, 5), why="reversed"),
    case(L.Permute((2, 1)), (2, 19, 37), why="a matrix larger than a tile"),
    case(L.Permute((1, 2)), (2, 19, 37), why="nothing moves"),
    case(L.Permute((2, 1)), (2, 4, 3), declared=(None, None, 3), why="unknown length"),
    case(L.Permute((2, 1)), (2, 3, 2), dtype="int32", why="integers"),
]
REJECTED = [
    reject({"dims": [1, 2]}, "bad_config"),
    reject({"dims": [0, 1, 2]}, "bad_config"),
    reject({"dims": [1, 1, 2]}, "bad_config"),
    reject({"dims": [1, 2, 4]}, "bad_config"),
]
