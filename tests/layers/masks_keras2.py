# In Keras 2: how masks go through layers: the average over time leaves masked steps out, so its answer tells the mask.
L = keras.layers
rng = np.random.default_rng(7)
A = rng.normal(0.0, 1.0, (2, 5, 3))
B = rng.normal(0.0, 1.0, (2, 5, 3))
A[0, 3:] = 0.0
A[1, 1] = 0.0
B[0, 4:] = 0.0
B[1, :2] = 0.0
IDS = [[3, 1, 0, 2, 0], [0, 0, 1, 4, 2]]


def mean(x):
    return L.GlobalAveragePooling1D()(x)


def both(layer):
    return lambda a, b: mean(layer([L.Masking()(a), L.Masking()(b)]))


def one(layer):
    return lambda a, b: mean(layer([L.Masking()(a), b]))


PAIR = {"shapes": [(2, 5, 3), (2, 5, 3)], "inputs": [A, B]}
MERGING = [L.Add, L.Subtract, L.Multiply, L.Average, L.Maximum, L.Minimum]
CASES = (
    [case(both(layer()), why=f"{layer.__name__}: both have a mask", **PAIR) for layer in MERGING]
    + [case(one(layer()), why=f"{layer.__name__}: one has a mask", **PAIR) for layer in MERGING]
    + [
        case(lambda a, b: L.Multiply()([L.Masking()(a), b]), why="Multiply: masked elements count as 1", **PAIR),
        case(lambda a, b: L.Maximum()([L.Masking()(a), L.Masking()(b)]), why="Maximum leaves masked elements out", **PAIR),
        case(both(L.Concatenate()), why="Concatenate of channels", **PAIR),
        case(one(L.Concatenate()), why="Concatenate of channels, one has a mask", **PAIR),
        case(both(L.Concatenate(axis=1)), why="Concatenate of steps", **PAIR),
        case(lambda x: mean(L.Embedding(5, 3, mask_zero=True)(x)), (2, 5), dtype="int32", inputs=[IDS], why="Embedding"),
        case(lambda x: mean(L.Embedding(5, 3)(x)), (2, 5), dtype="int32", inputs=[IDS], why="Embedding without a mask"),
    ]
    + [
        case(lambda x, layer=layer: mean(layer(L.Masking()(x))), (2, 5, 3), inputs=[A], why=f"{layer.name} passes the mask on")
        for layer in [
            L.Dense(4, name="dense"), L.Activation("tanh", name="activation"), L.Dropout(0.5, name="dropout"),
            L.LayerNormalization(name="layer_normalization"), L.BatchNormalization(name="batch_normalization"),
            L.LeakyReLU(name="leaky_relu"), L.PReLU(name="prelu"), L.SpatialDropout1D(0.5, name="spatial_dropout1d"),
            L.GaussianNoise(0.5, name="gaussian_noise"), L.ReLU(name="relu"),

        ]
    ]
)  # fmt: skip
