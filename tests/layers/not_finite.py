# Values that are not finite, and sums that leave float16's range.
L = keras.layers
NAN, INF = float("nan"), float("inf")
X = {"shapes": (2, 5), "inputs": [[[NAN, INF, -INF, 1.0, -1.0], [0.0, -0.0, 2.0, 3.0, -4.0]]]}
PIXELS = np.arange(32.0).reshape(2, 4, 4, 1)
PIXELS[0, :2, 0] = -INF
PIXELS[0, 3, 3] = INF
NAMES = [
    "relu",
    "relu6",
    "leaky_relu",
    "elu",
    "selu",
    "tanh",
    "sigmoid",
    "softplus",
    "exponential",
    "hard_sigmoid",
    "linear",
    "silu",
    "gelu",
    "softsign",
    "mish",
]
CASES = [case(L.Activation(name), why=name, **X) for name in NAMES] + [
    case(L.BatchNormalization(), why="BatchNormalization", **X),
    case(L.LayerNormalization(), why="LayerNormalization: a row with one is NaN, the other row is not", **X),
    case(L.Softmax(), why="Softmax: a row with one is NaN, the other row is not", **X),
    case(L.Dense(3), why="Dense: a row with one is NaN, the other row is not", **X),
    case(L.MaxPooling2D(2), (2, 4, 4, 1), inputs=[PIXELS], why="MaxPooling2D"),
    case(L.AveragePooling2D(2), (2, 4, 4, 1), inputs=[PIXELS], why="AveragePooling2D"),
    case(
        L.Activation("exponential", dtype="float16"),
        (2, 3),
        dtype="float16",
        inputs=[[[9.0, 12.0, 1.0], [11.0, 11.2, -20.0]]],
        why="float16 ends at 65504",
    ),
]
