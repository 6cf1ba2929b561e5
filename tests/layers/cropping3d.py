L = keras.layers
C = L.Cropping3D
CASES = [
    case(C(), (2, 4, 3, 5, 2), why="one from all sides"),
    case(C((0, 1, 2)), (2, 4, 3, 5, 2), why="three numbers"),
    case(C(((0, 1), (2, 0), (1, 3))), (2, 4, 3, 5, 2), why="six numbers"),
    case(C(((0, 1), (1, 0), (2, 1)), data_format="channels_first"), (2, 2, 4, 3, 5), why="channels_first"),
]
REJECTED = [
    reject({"cropping": [[0, 0], [0, 0], [0, -1]]}, "bad_config"),
    reject({"cropping": [[2, 2], [0, 0], [0, 0]]}, "bad_config"),
]
