L = keras.layers
TEXT = L.TextVectorization
WORDS = ["the", "cat", "sat", "the cat", "c", "a"]
X = (3, 1)
TEXTS = {"dtype": "string", "inputs": [[["The CAT, sat!"], ["  a dog's\tcat\n"], [""]]]}
CASES = [
    case(TEXT(vocabulary=WORDS), X, **TEXTS),
    case(TEXT(vocabulary=WORDS), (3,), dtype="string", inputs=[["cat", "The dog", "sat sat sat"]], why="a row of texts"),
    case(TEXT(vocabulary=WORDS, standardize=None), X, **TEXTS, why="as it is written"),
    case(TEXT(vocabulary=WORDS, standardize="lower"), X, **TEXTS, why="punctuation stays"),
    case(TEXT(vocabulary=WORDS, standardize="strip_punctuation"), X, **TEXTS, why="capitals stay"),
    case(TEXT(vocabulary=WORDS, split="character"), X, **TEXTS, why="characters"),
    case(TEXT(vocabulary=WORDS, split=None), X, **TEXTS, why="whole texts"),
    case(TEXT(vocabulary=WORDS, ngrams=2), X, **TEXTS, why="n-grams up to 2"),
    case(TEXT(vocabulary=WORDS, ngrams=(2, 3)), X, **TEXTS, why="n-grams of 2 and 3"),
    case(TEXT(vocabulary=WORDS, output_sequence_length=2), X, **TEXTS, why="cut"),
    case(TEXT(vocabulary=WORDS, output_sequence_length=5), X, **TEXTS, why="filled"),
    case(TEXT(vocabulary=WORDS, output_mode="multi_hot"), X, **TEXTS, why="multi-hot"),
    case(TEXT(vocabulary=WORDS, output_mode="count"), X, **TEXTS, why="counts"),
    case(TEXT(vocabulary=WORDS, output_mode="tf_idf", idf_weights=[0.1, 0.2, 0.3, 0.4, 0.5, 0.6]), X, **TEXTS, why="tf-idf"),
    case(TEXT(vocabulary=WORDS, output_mode="count", pad_to_max_tokens=True, max_tokens=12), X, **TEXTS, why="padded"),
]
REJECTED = [
    reject({"standardize": "shout"}, "bad_config"),
    reject({"standardize": {"class_name": "function", "config": "clean"}}, "unsupported"),
    reject({"output_sequence_length": 99999999999}, "bad_config"),
    reject({"ngrams": 0}, "bad_config"),
    reject({"vocabulary": "/etc/passwd"}, "bad_config"),
]
