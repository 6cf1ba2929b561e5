L = keras.layers
E = L.Embedding
CASES = [
    case(E(8, 5), (2, 6), dtype="int32"),
    case(
        E(8, 37), (2, 6), dtype="float32", inputs=[[[0, 7, 3, 3, 1, 2], [4, 0, 6, 5, 7, 1]]], why="indices are floats"
    ),
    case(E(8, 3), (2, 6), dtype="int64", why="64-bit indices"),
    case(E(8, 4, mask_zero=True), (2, 6), dtype="int32", why="mask_zero: the row of 0 is looked up all the same"),
    case(E(8, 4), (2, 3, 2), dtype="int32", why="three dimensions"),
    case(E(8, 1), (2,), dtype="int32", why="one index a sample"),
    case(E(8, 4), (2, 5), dtype="uint8", why="small integers"),
    case(E(8, 4), (2, 5), declared=(None, None), dtype="int32", why="unknown length"),
    case(E(8, 4, dtype="float16"), (2, 6), dtype="int32", why="half weights"),
]
REJECTED = [
    reject({"input_dim": 0}, "bad_config"),
    reject({"input_dim": -8}, "bad_config"),
    reject({"output_dim": 0}, "bad_config"),
    reject({"output_dim": "five"}, "bad_config"),
]
