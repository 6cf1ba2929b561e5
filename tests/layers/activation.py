NAMES = [
    "relu", "leaky_relu", "relu6", "softmax", "celu", "elu", "selu", "softplus", "softsign", "squareplus",
    "soft_shrink", "sparse_plus", "silu", "swish", "gelu", "glu", "tanh", "tanh_shrink", "sigmoid", "sparse_sigmoid",
    "hard_sigmoid", "hard_silu", "hard_swish", "hard_tanh", "hard_shrink", "linear", "mish", "log_softmax",
    "log_sigmoid", "sparsemax",
]  # fmt: skip
NEAR = np.linspace(-3.5, 3.5, 2 * 3 * 14).reshape(2, 3, 14)  # crosses every bend: -3, -1, -0.5, 0, 0.5, 1, 3
FAR = [-95, -60, -30, -20, -10, -7, -1e-6, 0, 1e-6, 7, 10, 20, 60, 85]  # exp(89) is infinite in float32
FAR = np.stack([FAR, np.float64(FAR) / 4]).reshape(2, 1, 14)
INPUTS = [np.concatenate([NEAR, FAR], axis=1)]
CASES = (
    [case(keras.layers.Activation(name), (2, 4, 14), inputs=INPUTS, why=name) for name in NAMES]
    + [case(keras.layers.Activation("exponential"), (2, 3, 14), inputs=[NEAR], why="exponential")]
    + [case(keras.layers.Activation(name), (2, 37), why=f"{name}, a rest of a vector") for name in ("tanh", "softmax")]
    + [case(keras.layers.Activation("gelu", dtype="float64"), (2, 5), dtype="float64", why="float64")]
    + [case(keras.layers.Activation("sigmoid", dtype="float16"), (2, 5), dtype="float16", why="float16")]
)
REJECTED = [
    reject({"activation": "no_such_function"}, "bad_config"),
    reject({"activation": 3}, "bad_config"),
]
