"""tf.nn: the functions that scripts apply to a model's answers."""

from cornu.keras.activations import (
    elu,
    gelu,
    leaky_relu,
    log_softmax,
    relu,
    relu6,
    selu,
    sigmoid,
    silu,
    softmax,
    softplus,
    softsign,
    swish,
    tanh,
)
from cornu.keras.ops import top_k

__all__ = [
    "elu", "gelu", "leaky_relu", "log_softmax", "relu", "relu6", "selu", "sigmoid", "silu", "softmax", "softplus", "softsign",
    "swish", "tanh", "top_k",
]  # fmt: skip
