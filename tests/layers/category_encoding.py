L = keras.layers
C = L.CategoryEncoding
IDS = {"dtype": "int32", "high": 5}
CASES = [
    case(C(5), (2, 3), **IDS),
    case(C(5, output_mode="count"), (2, 3), **IDS, why="counts"),
    case(C(5, output_mode="one_hot"), (2, 1), **IDS, why="one code a row"),
    case(C(5, output_mode="one_hot"), (2, 3), **IDS, why="a code for each index"),
    case(C(5, output_mode="multi_hot"), (2, 3, 4), **IDS, why="three axes: over the middle one"),
    case(C(5, output_mode="count"), (2, 3, 4), **IDS, why="counts over the middle axis"),
    case(lambda x, w: C(5, output_mode="count")(x, count_weights=w), [(2, 3), (2, 3)], dtype=["int32", "float32"], high=5, why="weights"),
]
REJECTED = [
    reject({"num_tokens": 0}, "bad_config"),
    reject({"output_mode": "int"}, "bad_config"),
]
