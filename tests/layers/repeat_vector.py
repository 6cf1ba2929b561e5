L = keras.layers
CASES = [
    case(L.RepeatVector(3), (2, 7)),
    case(L.RepeatVector(1), (2, 7), why="once"),
    case(L.RepeatVector(5), (2, 1), why="one channel"),
]
REJECTED = [reject({"n": -1}, "bad_config"), reject({"n": 2.5}, "bad_config"), reject({"n": "two"}, "bad_config")]
