# Activations as Keras 2 writes and means them: its hard_sigmoid is clip(0.2 x + 0.5, 0, 1), its LeakyReLU has `alpha`.
L = keras.layers
NAMES = [
    "relu", "softmax", "elu", "selu", "softplus", "softsign", "swish", "gelu", "tanh", "sigmoid", "exponential",
    "hard_sigmoid", "linear", "mish",
]  # fmt: skip
WIDE = np.linspace(-3.5, 3.5, 2 * 3 * 14)
X = {"shapes": (2, 3, 14), "inputs": [WIDE]}
CASES = [case(L.Activation(name), why=name, **X) for name in NAMES] + [
    case(L.Dense(4, activation="hard_sigmoid"), why="hard_sigmoid in a layer", **X),
    case(L.ReLU(max_value=2.0, negative_slope=0.1, threshold=0.5), why="ReLU", **X),
    case(L.LeakyReLU(), why="LeakyReLU", **X),
    case(L.LeakyReLU(alpha=0.1), why="LeakyReLU, alpha", **X),
    case(L.ELU(alpha=0.5), why="ELU", **X),
    case(L.ThresholdedReLU(theta=0.75), why="ThresholdedReLU, gone in Keras 3", **X),
    case(L.PReLU(shared_axes=[1]), why="PReLU", **X),
    case(L.Softmax(axis=1), why="Softmax", **X),
    case(L.Softmax(axis=[1, 2]), why="Softmax over two axes", **X),
    case(L.Activation(keras.activations.relu), why="a function", **X),
]
