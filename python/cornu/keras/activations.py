"""keras.activations: the activation functions on NumPy arrays, for custom layers and for what scripts do with answers.

Formulas: keras/src/activations/activations.py, 3.15.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from cornu._arrays import Tensor
from cornu.errors import BadArgumentError

SELU_ALPHA, SELU_SCALE = 1.6732632423543772848170429916717, 1.0507009873554804934193349852946  # Klambauer et al., 2017


def _floats(x: Any) -> Any:
    array = np.asarray(x)
    return (array if array.dtype.kind == "f" else array.astype(np.float32)).view(Tensor)


def linear(x: Any) -> Any:
    """x"""
    return _floats(x)


def relu(x: Any, negative_slope: float = 0.0, max_value: float | None = None, threshold: float = 0.0) -> Any:
    """x above the threshold, negative_slope * (x - threshold) below it, at most max_value."""
    x = _floats(x)
    above = np.where(x >= threshold, x, negative_slope * (x - threshold)).astype(x.dtype).view(Tensor)
    return above if max_value is None else np.minimum(above, x.dtype.type(max_value))


def relu6(x: Any) -> Any:
    """min(max(x, 0), 6)"""
    return relu(x, max_value=6.0)


def leaky_relu(x: Any, negative_slope: float = 0.2) -> Any:
    """x above 0, negative_slope * x below it"""
    return relu(x, negative_slope=negative_slope)


def sigmoid(x: Any) -> Any:
    """1 / (1 + exp(-x))"""
    x = _floats(x)
    exp = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + exp), exp / (1 + exp)).astype(x.dtype).view(Tensor)


def hard_sigmoid(x: Any) -> Any:
    """relu6(x + 3) / 6"""
    return relu6(_floats(x) + 3) / 6


def tanh(x: Any) -> Any:
    """tanh(x)"""
    return np.tanh(_floats(x))


def silu(x: Any) -> Any:
    """x * sigmoid(x)"""
    return _floats(x) * sigmoid(x)


swish = silu


def hard_silu(x: Any) -> Any:
    """x * hard_sigmoid(x)"""
    return _floats(x) * hard_sigmoid(x)


hard_swish = hard_silu


def softplus(x: Any) -> Any:
    """log(exp(x) + 1)"""
    x = _floats(x)
    return np.logaddexp(x, x.dtype.type(0))


def softsign(x: Any) -> Any:
    """x / (abs(x) + 1)"""
    x = _floats(x)
    return x / (np.abs(x) + 1)


def exponential(x: Any) -> Any:
    """exp(x)"""
    return np.exp(_floats(x))


def elu(x: Any, alpha: float = 1.0) -> Any:
    """x above 0, alpha * (exp(x) - 1) below it"""
    x = _floats(x)
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0))).astype(x.dtype).view(Tensor)


def selu(x: Any) -> Any:
    """A scaled elu."""
    x = _floats(x)
    return (x.dtype.type(SELU_SCALE) * elu(x, SELU_ALPHA)).view(Tensor)


def gelu(x: Any, approximate: bool = False) -> Any:
    """x * P(X <= x) for a normal X, or its approximation by tanh."""
    x = _floats(x)
    if approximate:
        return 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))
    erf = np.vectorize(math.erf, otypes=[np.float64])(x / math.sqrt(2)) if x.size else x
    return (0.5 * x * (1 + erf)).astype(x.dtype).view(Tensor)


def mish(x: Any) -> Any:
    """x * tanh(softplus(x))"""
    return _floats(x) * np.tanh(softplus(x))


def log_sigmoid(x: Any) -> Any:
    """log(sigmoid(x))"""
    return -softplus(-_floats(x))


def softmax(x: Any, axis: int = -1) -> Any:
    """exp(x) / sum(exp(x)) along an axis"""
    x = _floats(x)
    exp = np.exp(x - x.max(axis=axis, keepdims=True))
    return exp / exp.sum(axis=axis, keepdims=True)


def log_softmax(x: Any, axis: int = -1) -> Any:
    """log(softmax(x)) along an axis"""
    x = _floats(x)
    shifted = x - x.max(axis=axis, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))


_ALL: dict[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (
        linear,
        relu,
        relu6,
        leaky_relu,
        sigmoid,
        hard_sigmoid,
        tanh,
        silu,
        hard_silu,
        softplus,
        softsign,
        exponential,
        elu,
        selu,
        gelu,
        mish,
        log_sigmoid,
        softmax,
        log_softmax,
    )
} | {"swish": silu, "hard_swish": hard_silu}


def get(identifier: Any) -> Callable[..., Any]:
    """The function of a name, of a config of Keras, or the function itself; `linear` for None. Raises BadArgumentError."""
    if identifier is None:
        return linear
    if isinstance(identifier, dict):
        identifier = identifier.get("config")
    if callable(identifier):
        function: Callable[..., Any] = identifier
        return function
    if identifier not in _ALL:
        raise BadArgumentError(f"unknown activation {identifier!r}; known are {sorted(_ALL)}", "identifier")
    return _ALL[identifier]


def serialize(activation: Callable[..., Any]) -> str:
    """The name of a function."""
    return activation.__name__
