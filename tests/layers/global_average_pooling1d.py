L = keras.layers
P = L.GlobalAveragePooling1D
STEPS = np.random.default_rng(1).normal(0.0, 1.0, (2, 4, 3))
STEPS[0, 1:3] = 0.0
CASES = [
    case(P(), (2, 11, 3)),
    case(P(keepdims=True), (2, 11, 3), why="axes stay"),
    case(P(data_format="channels_first"), (2, 11, 3), why="channels_first"),
    case(P(data_format="channels_first", keepdims=True), (2, 11, 3), why="channels_first, axes stay"),
    case(P(), (2, 5, 19), why="prime number of channels"),
    case(P(), (2, 1, 4), why="one value"),
    case(P(), (2, 11, 3), declared=(None, None, 3), why="unknown size"),
    case(lambda x: P()(L.Masking()(x)), (2, 4, 3), inputs=[STEPS], why="after Masking: mean of the unmasked steps"),
    case(
        lambda x: P()(L.Embedding(8, 5, mask_zero=True)(x)),
        (2, 6),
        inputs=[[[3, 7, 0, 0, 0, 0], [1, 0, 2, 5, 4, 6]]],
        dtype="int32",
        why="after Embedding with mask_zero: padding does not count",
    ),
]
REJECTED = [reject({"data_format": "channels_middle"}, "bad_config")]
