L = keras.layers
LOOKUP = L.IntegerLookup
WORDS = [12, 36, 1138, 42]
X = (2, 4)
IDS = {"dtype": "int64", "inputs": [[[12, 36, 7, 42], [1138, 12, 0, -1]]]}
CASES = [
    case(LOOKUP(vocabulary=WORDS), X, **IDS),
    case(LOOKUP(vocabulary=WORDS, mask_token=0), X, **IDS, why="zeros are masked"),
    case(LOOKUP(vocabulary=WORDS, num_oov_indices=3), X, **IDS, why="unknown ones by their remainder"),
    case(LOOKUP(vocabulary=WORDS, num_oov_indices=3, oov_method="farmhash"), X, **IDS, why="unknown ones by their hash"),
    case(LOOKUP(vocabulary=WORDS, output_mode="multi_hot"), X, **IDS, why="multi-hot"),
    case(LOOKUP(vocabulary=WORDS, output_mode="count", mask_token=0), X, **IDS, why="counts, zeros are left out"),
    case(LOOKUP(vocabulary=WORDS, output_mode="one_hot"), X, **IDS, why="one-hot"),
    case(LOOKUP(vocabulary=WORDS, output_mode="tf_idf", idf_weights=[0.25, 0.75, 0.6, 0.4]), X, **IDS, why="tf-idf"),
    case(LOOKUP(vocabulary=WORDS, output_mode="count", pad_to_max_tokens=True, max_tokens=9), X, **IDS, why="padded"),
    case(LOOKUP(vocabulary=WORDS, invert=True), X, dtype="int64", high=7, why="the other way round"),
    case(LOOKUP(vocabulary=WORDS, invert=True, mask_token=0), X, dtype="int64", high=7, why="the other way round, masked"),
]
REJECTED = [
    reject({"vocabulary": ["a"]}, "bad_config"),
    reject({"vocabulary": "/etc/passwd"}, "bad_config"),
    reject({"num_oov_indices": -1}, "bad_config"),
    reject({"salt": 3}, "unsupported"),
]
