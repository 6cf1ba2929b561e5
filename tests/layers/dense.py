L = keras.layers
CASES = [
    case(L.Dense(5), (2, 7)),
    case(L.Dense(4, activation="relu", use_bias=False), (2, 7), why="no bias"),
    case(L.Dense(1, activation="sigmoid"), (2, 7), why="one unit"),
    case(L.Dense(6), (2, 1), why="one channel"),
    case(L.Dense(3, activation="softmax"), (2, 3, 7), declared=(None, None, 7), why="unknown length"),
    case(L.Dense(37, activation="tanh"), (2, 3, 2, 19), why="four dimensions, primes larger than a vector"),
    case(L.Dense(4, dtype="float16"), (2, 7), dtype="float16"),
    case(L.Dense(4, dtype="float64"), (2, 7), dtype="float64"),
    case(L.Dense(4, dtype="mixed_float16"), (2, 7), why="float16 arithmetic on float32 weights"),
    case(L.Dense(4, dtype="bfloat16"), (2, 7), why="bfloat16"),
    case(
        lambda x: L.Activation("linear", dtype="float32")(L.Dense(4, activation="relu", dtype="mixed_bfloat16")(x)),
        (2, 7),
        tol=1e-2,
        why="bfloat16 arithmetic on float32 weights, back to float32 at the end",
    ),
]
REJECTED = [
    reject({"units": 0}, "bad_config"),
    reject({"units": -3}, "bad_config"),
    reject({"units": "five"}, "bad_config"),
    reject({"units": 2**62}, "bad_config"),
    reject({"activation": "no_such_function"}, "bad_config"),
]
