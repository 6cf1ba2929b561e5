L = keras.layers
C = L.Cropping2D
CASES = [
    case(C(), (2, 6, 7, 3), why="nothing"),
    case(C(2), (2, 6, 7, 3)),
    case(C((1, 3)), (2, 6, 7, 3), why="rows and columns"),
    case(C(((0, 1), (2, 0))), (2, 6, 7, 3), why="four numbers"),
    case(C(((1, 2), (0, 1)), data_format="channels_first"), (2, 3, 6, 7), why="channels_first"),
    case(C(((1, 0), (2, 1))), (2, 5, 6, 3), declared=(None, None, None, 3), why="unknown size"),
]
REJECTED = [
    reject({"cropping": [[-1, 0], [0, 0]]}, "bad_config"),
    reject({"cropping": [[3, 3], [0, 0]]}, "bad_config"),
    reject({"cropping": [1, 2, 3]}, "bad_config"),
]
