HASHING = keras.layers.Hashing
X = (2, 3)
TEXTS = {"dtype": "string", "inputs": [[["a", "héron", ""], ["zebra", "a", "12"]]]}
CASES = [
    case(HASHING(num_bins=5), X, **TEXTS),
    case(HASHING(num_bins=5, mask_value="a"), X, **TEXTS, why="one text is masked"),
    case(HASHING(num_bins=4, output_mode="multi_hot"), X, **TEXTS, why="multi-hot"),
    case(HASHING(num_bins=4, output_mode="count"), X, **TEXTS, why="counts"),
    case(keras.layers.HashedCrossing(num_bins=6), [(2,), (2,)], dtype="string",
         inputs=[["a", "b"], ["c", "a"]], why="pairs of texts"),
]
REJECTED = [reject({"mask_value": 3}, "bad_config"), reject({"num_bins": 0}, "bad_config")]
