"""keras.losses: how far predictions are from targets, computed with NumPy.

Functions give one number per row (of all axes but the last); classes reduce them, with sample weights.
Formulas: keras/src/losses/losses.py and the TensorFlow backend of Keras 3.15.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from cornu.errors import BadArgumentError, BadShapeError
from cornu.keras import _serialize

_EPSILON = 1e-7
ALIASES = {"mse": "mean_squared_error", "mae": "mean_absolute_error", "mape": "mean_absolute_percentage_error",
           "msle": "mean_squared_logarithmic_error", "bce": "binary_crossentropy", "BCE": "binary_crossentropy",
           "MSE": "mean_squared_error", "MAE": "mean_absolute_error", "MAPE": "mean_absolute_percentage_error",
           "MSLE": "mean_squared_logarithmic_error", "kld": "kl_divergence", "KLD": "kl_divergence",
           "kullback_leibler_divergence": "kl_divergence", "logcosh": "log_cosh", "huber_loss": "huber",
           "cosine_proximity": "cosine_similarity"}  # fmt: skip

Array = np.ndarray


def _pair(y_true: Any, y_pred: Any) -> tuple[Array, Array]:
    """Both as floats, of the prediction's type; a target without the last axis of size 1 gets it, and the other way round."""
    pred = np.asarray(y_pred)
    pred = pred if pred.dtype.kind == "f" else pred.astype(np.float32)
    true = np.asarray(y_true).astype(pred.dtype)
    if true.ndim == pred.ndim - 1 and pred.shape[-1] == 1:
        true = true[..., None]
    elif pred.ndim == true.ndim - 1 and true.shape[-1] == 1:
        pred = pred[..., None]
    try:
        np.broadcast_shapes(true.shape, pred.shape)
    except ValueError:
        raise BadShapeError(f"targets {true.shape} do not fit predictions {pred.shape}", "y_true") from None
    return true, pred


def mean_squared_error(y_true: Any, y_pred: Any) -> Array:
    """The mean of the squared differences over the last axis."""
    true, pred = _pair(y_true, y_pred)
    return np.square(pred - true).mean(-1)


def mean_absolute_error(y_true: Any, y_pred: Any) -> Array:
    """The mean of the absolute differences over the last axis."""
    true, pred = _pair(y_true, y_pred)
    return np.abs(pred - true).mean(-1)


def mean_absolute_percentage_error(y_true: Any, y_pred: Any) -> Array:
    """The mean of the absolute differences in percent of the targets, which count as at least 1e-7."""
    true, pred = _pair(y_true, y_pred)
    return 100 * np.abs((true - pred) / np.maximum(np.abs(true), _EPSILON)).mean(-1)


def mean_squared_logarithmic_error(y_true: Any, y_pred: Any) -> Array:
    """The mean of the squared differences of log(1 + x)."""
    true, pred = _pair(y_true, y_pred)
    logs = [np.log(np.maximum(x, _EPSILON) + 1) for x in (true, pred)]
    return np.square(logs[0] - logs[1]).mean(-1)


def cosine_similarity(y_true: Any, y_pred: Any, axis: int = -1) -> Array:
    """Minus the cosine of the angle between targets and predictions."""
    true, pred = _pair(y_true, y_pred)
    return -(_unit(true, axis) * _unit(pred, axis)).sum(axis)


def huber(y_true: Any, y_pred: Any, delta: float = 1.0) -> Array:
    """Half the squared difference up to `delta`, linear beyond."""
    true, pred = _pair(y_true, y_pred)
    error = np.abs(pred - true)
    return np.where(error <= delta, 0.5 * np.square(error), delta * error - 0.5 * delta * delta).mean(-1)


def log_cosh(y_true: Any, y_pred: Any) -> Array:
    """The mean of log(cosh(difference))."""
    true, pred = _pair(y_true, y_pred)
    difference = pred - true
    return (difference + np.logaddexp(0, -2 * difference) - math.log(2)).mean(-1)


def hinge(y_true: Any, y_pred: Any) -> Array:
    """The mean of max(1 - target * prediction, 0); targets 0 and 1 count as -1 and 1."""
    true, pred = _signs(*_pair(y_true, y_pred))
    return np.maximum(1 - true * pred, 0).mean(-1)


def squared_hinge(y_true: Any, y_pred: Any) -> Array:
    """The mean of the squares of hinge's terms."""
    true, pred = _signs(*_pair(y_true, y_pred))
    return np.square(np.maximum(1 - true * pred, 0)).mean(-1)


def categorical_hinge(y_true: Any, y_pred: Any) -> Array:
    """max(the largest prediction of a wrong class - that of the right one + 1, 0)."""
    true, pred = _pair(y_true, y_pred)
    return np.maximum(((1 - true) * pred).max(-1) - (true * pred).sum(-1) + 1, 0)


def kl_divergence(y_true: Any, y_pred: Any) -> Array:
    """The sum of target * log(target / prediction), both in [1e-7, 1]."""
    true, pred = (np.clip(x, _EPSILON, 1) for x in _pair(y_true, y_pred))
    return (true * np.log(true / pred)).sum(-1)


def poisson(y_true: Any, y_pred: Any) -> Array:
    """The mean of prediction - target * log(prediction)."""
    true, pred = _pair(y_true, y_pred)
    return (pred - true * np.log(pred + _EPSILON)).mean(-1)


def binary_crossentropy(
    y_true: Any, y_pred: Any, from_logits: bool = False, label_smoothing: float = 0.0, axis: int = -1
) -> Array:
    """The mean cross-entropy of probabilities (or logits) of yes."""
    true, pred = _pair(y_true, y_pred)
    return _binary(_smoothed(true, label_smoothing), pred, from_logits).mean(axis)


def binary_focal_crossentropy(
    y_true: Any,
    y_pred: Any,
    apply_class_balancing: bool = False,
    alpha: float = 0.25,
    gamma: float = 2.0,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> Array:
    """Cross-entropy times (1 - probability of the right answer) ** gamma."""
    true, pred = _pair(y_true, y_pred)
    true = _smoothed(true, label_smoothing)
    pred = 1 / (1 + np.exp(-pred)) if from_logits else pred
    right = true * pred + (1 - true) * (1 - pred)
    value = (1 - right) ** gamma * _binary(true, pred, False)
    if apply_class_balancing:
        value = (true * alpha + (1 - true) * (1 - alpha)) * value
    return value.mean(axis)


def categorical_crossentropy(
    y_true: Any, y_pred: Any, from_logits: bool = False, label_smoothing: float = 0.0, axis: int = -1
) -> Array:
    """The cross-entropy of class probabilities (or logits) with one-hot targets."""
    true, pred = _classes(y_true, y_pred, label_smoothing, axis)
    if from_logits:
        return -(true * _log_softmax(pred, axis)).sum(axis)
    pred = np.clip(pred / pred.sum(axis, keepdims=True), _EPSILON, 1 - _EPSILON)
    return -(true * np.log(pred)).sum(axis)


def categorical_focal_crossentropy(
    y_true: Any,
    y_pred: Any,
    alpha: float = 0.25,
    gamma: float = 2.0,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> Array:
    """Cross-entropy times alpha * (1 - probability) ** gamma, class by class."""
    true, pred = _classes(y_true, y_pred, label_smoothing, axis)
    pred = np.exp(_log_softmax(pred, axis)) if from_logits else pred
    pred = np.clip(pred / pred.sum(axis, keepdims=True), _EPSILON, 1 - _EPSILON)
    return (alpha * (1 - pred) ** gamma * -true * np.log(pred)).sum(axis)


def categorical_generalized_cross_entropy(y_true: Any, y_pred: Any, q: float = 0.5) -> Array:
    """(1 - p ** q) / q for the probability p of the class that an integer target names."""
    pred = np.clip(np.asarray(y_pred), _EPSILON, 1 - _EPSILON)
    right = np.take_along_axis(pred, _indices(y_true, pred, -1)[..., None], -1)[..., 0]
    return (1 - right**q) / q


def sparse_categorical_crossentropy(
    y_true: Any, y_pred: Any, from_logits: bool = False, ignore_class: int | None = None, axis: int = -1
) -> Array:
    """The cross-entropy of class probabilities (or logits) with integer targets.

    Args:
        ignore_class: a target whose rows give 0.
    Raises: BadArgumentError for a target that is no class.
    """
    pred = np.asarray(y_pred)
    pred = pred if pred.dtype.kind == "f" else pred.astype(np.float32)
    indices = _indices(y_true, pred, axis, ignore_class)
    logits = pred if from_logits else np.log(np.clip(pred, _EPSILON, 1 - _EPSILON))
    value = -np.take_along_axis(_log_softmax(logits, axis), np.expand_dims(np.maximum(indices, 0), axis), axis).squeeze(axis)
    return value if ignore_class is None else np.where(indices < 0, 0, value)


def dice(y_true: Any, y_pred: Any, axis: Any = None) -> Array:
    """1 minus twice the overlap over the sum of sizes; of everything together without `axis`."""
    true, pred = _pair(y_true, y_pred)
    return 1 - 2 * _total(true * pred, axis) / (_total(true, axis) + _total(pred, axis) + _EPSILON)


def tversky(y_true: Any, y_pred: Any, alpha: float = 0.5, beta: float = 0.5, axis: Any = None) -> Array:
    """1 minus the overlap over overlap + alpha * what is wrongly out + beta * what is wrongly in."""
    true, pred = _pair(y_true, y_pred)
    overlap, wrong, missing = (_total(x, axis) for x in (true * pred, (1 - true) * pred, true * (1 - pred)))
    return 1 - overlap / (overlap + beta * wrong + alpha * missing + _EPSILON)


def _total(x: Array, axis: Any) -> Array:
    return x.sum(axis if axis is None or isinstance(axis, int) else tuple(axis))


def _unit(x: Array, axis: int) -> Array:
    return x / np.sqrt(np.maximum(np.square(x).sum(axis, keepdims=True), 1e-12))


def _signs(true: Array, pred: Array) -> tuple[Array, Array]:
    return (2 * true - 1 if np.isin(true, (0, 1)).all() else true), pred


def _log_softmax(x: Array, axis: int) -> Array:
    moved = x - x.max(axis, keepdims=True)
    return np.asarray(moved - np.log(np.exp(moved).sum(axis, keepdims=True)))


def _smoothed(true: Array, label_smoothing: float) -> Array:
    """Targets of yes and no, moved towards a half."""
    return true * (1 - label_smoothing) + 0.5 * label_smoothing if label_smoothing else true


def _binary(true: Array, pred: Array, from_logits: bool) -> Array:
    if from_logits:
        return np.asarray(np.maximum(pred, 0) - pred * true + np.log1p(np.exp(-np.abs(pred))))
    pred = np.clip(pred, _EPSILON, 1 - _EPSILON)
    return -(true * np.log(pred) + (1 - true) * np.log(1 - pred))


def _classes(y_true: Any, y_pred: Any, smoothing: float, axis: int) -> tuple[Array, Array]:
    true, pred = _pair(y_true, y_pred)
    if true.shape[axis] != pred.shape[axis]:
        raise BadShapeError(f"one-hot targets need {pred.shape[axis]} classes, received shape {true.shape}", "y_true")
    return (true * (1 - smoothing) + smoothing / true.shape[axis] if smoothing else true), pred


def _indices(y_true: Any, pred: Array, axis: int, ignored: int | None = None) -> Array:
    """Integer targets; -1 where they are to be ignored. Raises BadArgumentError for what is no class."""
    true = class_numbers(y_true, pred, axis)
    wrong = (true < 0) | (true >= pred.shape[axis])
    if ignored is not None:
        wrong &= true != ignored
        true = np.where(true == ignored, -1, true)
    if wrong.any():
        raise BadArgumentError(f"class {true[wrong][0]} is none of 0 to {pred.shape[axis] - 1}", "y_true")
    return np.asarray(true)


def class_numbers(y_true: Any, pred: Array, axis: int = -1) -> Array:
    """Integer targets as int64, without an axis of size 1 where the classes are. Raises BadShapeError."""
    true = np.asarray(y_true)
    if true.ndim == pred.ndim and true.shape[axis] == 1:
        true = true.squeeze(axis)
    if true.shape != tuple(np.delete(pred.shape, axis)):
        raise BadShapeError(f"class numbers of shape {np.shape(y_true)} do not fit predictions {pred.shape}", "y_true")
    return true.astype(np.int64)


def fitted(sample_weight: Any, values: Array) -> Array:
    """Weights that broadcast over values: without a last axis of 1 that the values lack, with axes of 1 that they have."""
    if sample_weight is None:
        return np.ones((), np.float64)
    weight = np.asarray(sample_weight, np.float64)
    while weight.ndim > values.ndim and weight.shape[-1] == 1:
        weight = weight[..., 0]
    weight = weight.reshape(weight.shape + (1,) * (values.ndim - weight.ndim))
    try:
        np.broadcast_shapes(weight.shape, values.shape)
    except ValueError:
        raise BadShapeError(f"weights of shape {weight.shape} do not fit values {values.shape}", "sample_weight") from None
    return weight


def reduced(values: Array, sample_weight: Any, reduction: str | None) -> Any:
    """Numbers per row with weights, as a loss reduces them."""
    values = np.asarray(values)
    weight = fitted(sample_weight, values).astype(values.dtype)
    values = values * weight
    if reduction in (None, "none"):
        return values
    total = values.sum()
    if reduction == "sum":
        return total
    count = np.broadcast_to(weight, values.shape).sum() if reduction == "mean_with_sample_weight" else values.size
    return total / count if count else total


class Loss(_serialize.Configured):
    """The base class: calling a loss with targets, predictions and weights gives a number.

    A loss of one's own defines `call(y_true, y_pred)`, numbers per row.
    """

    _module = "losses"
    _arguments: dict[str, Any] = {"name": None, "reduction": "sum_over_batch_size", "dtype": None}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = ("sum", "sum_over_batch_size", "mean", "mean_with_sample_weight", "none", None)
        if self._config.get("reduction", "sum") not in kinds:
            raise BadArgumentError(f"reduction is one of {kinds}, received {self._config['reduction']!r}", type(self).__name__)

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """Numbers per row."""
        raise NotImplementedError(f"{type(self).__name__} has no call()")

    def __call__(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        """The loss of a batch: a number, or with reduction None an array."""
        ignored = self._config.get("ignore_class")
        if ignored is not None:  # the mean is that of the others
            counted = (class_numbers(y_true, np.asarray(y_pred), self._config["axis"]) != ignored).astype(np.float32)
            share = counted * (counted.size / max(float(counted.sum()), 1.0))
            sample_weight = share if sample_weight is None else share * np.asarray(sample_weight).reshape(share.shape)
        return reduced(self.call(y_true, y_pred), sample_weight, self._config.get("reduction", "sum_over_batch_size"))


class LossFunctionWrapper(Loss):
    """A loss of a function of targets and predictions."""

    _arguments: dict[str, Any] = {"fn": ..., "reduction": "sum_over_batch_size", "name": None, "dtype": None}

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """Numbers per row."""
        return self.fn(y_true, y_pred)


def _loss_class(name: str, function: Callable[..., Any]) -> type[Loss]:
    arguments = _serialize.arguments_of("losses", name)
    own = [key for key in arguments if key not in ("reduction", "name", "dtype")]

    def call(self: Any, y_true: Any, y_pred: Any) -> Any:
        """Numbers per row."""
        return function(y_true, y_pred, **{key: self._config[key] for key in own})

    body = {"call": call, "_arguments": arguments, "__module__": __name__, "__doc__": f"The loss of {function.__name__}()."}
    return type(name, (Loss,), body)


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    item.__name__: item
    for item in (binary_crossentropy, binary_focal_crossentropy, categorical_crossentropy, categorical_focal_crossentropy,
                 categorical_generalized_cross_entropy, categorical_hinge, cosine_similarity, dice, hinge, huber, kl_divergence,
                 log_cosh, mean_absolute_error, mean_absolute_percentage_error, mean_squared_error,
                 mean_squared_logarithmic_error, poisson, sparse_categorical_crossentropy, squared_hinge, tversky)
}  # fmt: skip
_SPELLED = {"kl_divergence": "KLDivergence", "log_cosh": "LogCosh", "categorical_generalized_cross_entropy":
            "CategoricalGeneralizedCrossEntropy"}  # fmt: skip
_CLASSES: dict[str, Any] = {}
for _name, _function in _FUNCTIONS.items():
    _class = _SPELLED.get(_name, _serialize.camel_case(_name))
    _CLASSES[_class] = globals()[_class] = _loss_class(_class, _function)
for _name, _wanted in ALIASES.items():
    globals()[_name] = _FUNCTIONS[_wanted]


def get(identifier: Any) -> Any:
    """The loss of an object, name, class, config or function.

    Names of functions give the function, names of classes an object, as in Keras. Raises BadArgumentError with the nearest name.
    """
    if isinstance(identifier, str):
        function = _FUNCTIONS.get(ALIASES.get(identifier, identifier))
        if function is not None:
            return function
    if callable(identifier) and not isinstance(identifier, type):
        return identifier
    if isinstance(identifier, Mapping) and identifier.get("class_name") == "function":
        return get(identifier["config"])
    return _serialize.find(identifier, "losses", _CLASSES, {**ALIASES, **{name: name for name in _FUNCTIONS}})


def deserialize(name: Any, custom_objects: Mapping[str, Any] | None = None) -> Any:
    """The loss of a name or of its JSON."""
    if custom_objects and isinstance(name, str) and name in custom_objects:
        return custom_objects[name]
    return get(name)


def serialize(loss: Any) -> Any:
    """Keras 3's JSON of a loss; the name of a function."""
    return _serialize.serialize(loss) if isinstance(loss, Loss) else loss.__name__
