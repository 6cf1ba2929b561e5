L = keras.layers
LOOKUP = L.StringLookup
WORDS = ["a", "b", "c", "héron"]
X = (2, 4)
TEXTS = {"dtype": "string", "inputs": [[["a", "c", "z", ""], ["héron", "[UNK]", "b", "zebra"]]]}
INDICES = {"dtype": "int64", "high": 7}
CASES = [
    case(LOOKUP(vocabulary=WORDS), X, **TEXTS),
    case(LOOKUP(vocabulary=WORDS, mask_token=""), X, **TEXTS, why="empty strings are masked"),
    case(LOOKUP(vocabulary=["", "[UNK]", *WORDS], mask_token=""), X, **TEXTS, why="the special tokens are in the vocabulary"),
    case(LOOKUP(vocabulary=WORDS, num_oov_indices=3), X, **TEXTS, why="unknown ones by their hash"),
    case(LOOKUP(vocabulary=WORDS, num_oov_indices=3, mask_token=""), X, **TEXTS, why="by their hash, masked"),
    case(LOOKUP(vocabulary=WORDS, output_mode="multi_hot"), X, **TEXTS, why="multi-hot"),
    case(LOOKUP(vocabulary=WORDS, output_mode="count", mask_token=""), X, **TEXTS, why="counts, empty ones are left out"),
    case(LOOKUP(vocabulary=WORDS, output_mode="one_hot"), X, **TEXTS, why="one-hot"),
    case(LOOKUP(vocabulary=WORDS, output_mode="tf_idf", idf_weights=[0.25, 0.75, 0.6, 0.4]), X, **TEXTS, why="tf-idf"),
    case(LOOKUP(vocabulary=WORDS, output_mode="count", pad_to_max_tokens=True, max_tokens=9), X, **TEXTS, why="padded"),
    case(LOOKUP(vocabulary=WORDS, invert=True), X, **INDICES, why="the other way round"),
    case(LOOKUP(vocabulary=WORDS, invert=True, mask_token="", oov_token="?"), X, **INDICES, why="the other way round, masked"),
]
REJECTED = [
    reject({"mask_token": 3}, "bad_config"),
    reject({"vocabulary": "/etc/passwd"}, "bad_config"),
    reject({"num_oov_indices": -1}, "bad_config"),
    reject({"salt": 3}, "unsupported"),
]
