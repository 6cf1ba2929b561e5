L = keras.layers
C = L.Cropping1D
CASES = [
    case(C(), (2, 7, 3), why="one from both sides"),
    case(C((0, 2)), (2, 7, 3), why="one side"),
    case(C((3, 3)), (2, 7, 3), why="one step is left"),
    case(C(0), (2, 7, 3), why="nothing"),
    case(C((1, 2)), (2, 5, 3), declared=(None, None, 3), why="unknown length"),
]
REJECTED = [
    reject({"cropping": [-1, 0]}, "bad_config"),
    reject({"cropping": [4, 4]}, "bad_config"),
    reject({"cropping": [1, 2, 3]}, "bad_config"),
]
