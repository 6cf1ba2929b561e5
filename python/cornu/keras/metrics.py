"""keras.metrics: running figures over batches, computed with NumPy.

Formulas: keras/src/metrics, 3.15.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from cornu.keras import _serialize, losses
from cornu.keras._counting import (
    AUC,
    BinaryIoU,
    F1Score,
    FalseNegatives,
    FalsePositives,
    FBetaScore,
    IoU,
    MeanIoU,
    OneHotIoU,
    OneHotMeanIoU,
    Precision,
    PrecisionAtRecall,
    R2Score,
    Recall,
    RecallAtPrecision,
    SensitivityAtSpecificity,
    SpecificityAtSensitivity,
    TrueNegatives,
    TruePositives,
)
from cornu.keras._metric import Metric

Array = np.ndarray


class Sum(Metric):
    """The sum of values, with weights."""

    def reset_state(self) -> None:
        """Begins again."""
        self.total, self.count = 0.0, 0.0

    def update_state(self, values: Any, sample_weight: Any = None) -> None:
        """Takes values."""
        array = np.asarray(values, np.float64)
        weight = np.broadcast_to(losses.fitted(sample_weight, array), array.shape)
        self.total += float((array * weight).sum())
        self.count += float(weight.sum())

    def add(self, value: float, weight: float) -> None:
        """Takes one number; what update_state() does with it, without arrays."""
        self.total += value * weight
        self.count += weight

    def result(self) -> Any:
        """The figure over all batches since reset_state()."""
        return np.float32(self.total)


class Mean(Sum):
    """The mean of values, with weights; 0 without values."""

    def result(self) -> Any:
        """The figure over all batches since reset_state()."""
        return np.float32(self.total / self.count if self.count else 0)


class MeanMetricWrapper(Mean):
    """The mean of a function of targets and predictions."""

    _arguments: dict[str, Any] = {"fn": ..., "name": None, "dtype": None}

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Takes a batch."""
        super().update_state(self._value(y_true, y_pred), sample_weight)

    def _value(self, y_true: Any, y_pred: Any) -> Any:
        return self.fn(y_true, y_pred)


def accuracy(y_true: Any, y_pred: Any) -> Array:
    """The share of predictions that equal the targets, over the last axis."""
    true, pred = losses._pair(y_true, y_pred)
    return (true == pred).astype(np.float32).mean(-1)


def binary_accuracy(y_true: Any, y_pred: Any, threshold: float = 0.5) -> Array:
    """The share of predictions on the right side of the threshold."""
    true, pred = losses._pair(y_true, y_pred)
    return (true == (pred > threshold)).astype(np.float32).mean(-1)


def categorical_accuracy(y_true: Any, y_pred: Any) -> Array:
    """1 where the largest prediction is that of the one-hot target."""
    return (np.argmax(y_true, -1) == np.argmax(y_pred, -1)).astype(np.float32)


def sparse_categorical_accuracy(y_true: Any, y_pred: Any) -> Array:
    """1 where the largest prediction is that of the class number."""
    return (losses.class_numbers(y_true, np.asarray(y_pred)) == np.argmax(y_pred, -1)).astype(np.float32)


def top_k_categorical_accuracy(y_true: Any, y_pred: Any, k: int = 5) -> Array:
    """1 where the one-hot target is among the k largest predictions."""
    return sparse_top_k_categorical_accuracy(np.argmax(y_true, -1), y_pred, k)


def sparse_top_k_categorical_accuracy(y_true: Any, y_pred: Any, k: int = 5, from_sorted_ids: bool = False) -> Array:
    """1 where the class number is among the k largest predictions."""
    pred = np.asarray(y_pred)
    true = losses.class_numbers(y_true, pred)
    if from_sorted_ids:
        return (pred[..., :k] == true[..., None]).any(-1).astype(np.float32)
    own = np.take_along_axis(pred, true[..., None], -1)
    return ((pred > own).sum(-1) < k).astype(np.float32)


class RootMeanSquaredError(Mean):
    """The root of the mean of the squared differences."""

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Takes a batch."""
        true, pred = losses._pair(y_true, y_pred)
        super().update_state(np.square(pred - true), sample_weight)

    def result(self) -> Any:
        """The figure over all batches since reset_state()."""
        return np.sqrt(super().result())


def _mean_class(name: str, function: Callable[..., Any]) -> type[Metric]:
    arguments = _serialize.arguments_of("metrics", name)
    own = [key for key in arguments if key not in ("name", "dtype")]

    def value(self: Any, y_true: Any, y_pred: Any) -> Any:
        return function(y_true, y_pred, **{key: self._config[key] for key in own})

    body = {"_value": value, "_arguments": arguments, "__module__": __name__, "__doc__": f"The mean of {function.__name__}()."}
    return type(name, (MeanMetricWrapper,), body)


def _cosine(y_true: Any, y_pred: Any, axis: int = -1) -> Array:
    """The cosine of the angle between targets and predictions."""
    return -losses.cosine_similarity(y_true, y_pred, axis)


_MEANS: dict[str, Callable[..., Any]] = {
    "Accuracy": accuracy, "BinaryAccuracy": binary_accuracy, "BinaryCrossentropy": losses.binary_crossentropy,
    "CategoricalAccuracy": categorical_accuracy, "CategoricalCrossentropy": losses.categorical_crossentropy,
    "CategoricalHinge": losses.categorical_hinge, "CosineSimilarity": _cosine, "Hinge": losses.hinge,
    "KLDivergence": losses.kl_divergence, "LogCoshError": losses.log_cosh, "MeanAbsoluteError": losses.mean_absolute_error,
    "MeanAbsolutePercentageError": losses.mean_absolute_percentage_error, "MeanSquaredError": losses.mean_squared_error,
    "MeanSquaredLogarithmicError": losses.mean_squared_logarithmic_error, "Poisson": losses.poisson,
    "SparseCategoricalAccuracy": sparse_categorical_accuracy,
    "SparseCategoricalCrossentropy": losses.sparse_categorical_crossentropy,
    "SparseTopKCategoricalAccuracy": sparse_top_k_categorical_accuracy, "SquaredHinge": losses.squared_hinge,
    "TopKCategoricalAccuracy": top_k_categorical_accuracy,
}  # fmt: skip
_CLASSES: dict[str, Any] = {
    item.__name__: item
    for item in (AUC, BinaryIoU, F1Score, FBetaScore, FalseNegatives, FalsePositives, IoU, Mean, MeanIoU, OneHotIoU, OneHotMeanIoU,
                 Precision, PrecisionAtRecall, R2Score, Recall, RecallAtPrecision, RootMeanSquaredError, SensitivityAtSpecificity,
                 SpecificityAtSensitivity, Sum, TrueNegatives, TruePositives)
}  # fmt: skip
for _name, _class in _CLASSES.items():
    _class._arguments = _serialize.arguments_of("metrics", _name)
for _name, _function in _MEANS.items():
    _CLASSES[_name] = globals()[_name] = _mean_class(_name, _function)
_ALIASES = {
    **{key: value for key, value in {"acc": "Accuracy", "bce": "BinaryCrossentropy", "BCE": "BinaryCrossentropy"}.items()},
    **{key: _serialize.camel_case(losses.ALIASES[key]) for key in ("mse", "mae", "mape", "msle", "MSE", "MAE", "MAPE", "MSLE")},
    "kld": "KLDivergence", "KLD": "KLDivergence", "kl_divergence": "KLDivergence", "logcosh": "LogCoshError", "auc": "AUC",
    "iou": "IoU", "mean_iou": "MeanIoU", "f1_score": "F1Score", "fbeta_score": "FBetaScore", "r2_score": "R2Score",
}  # fmt: skip


def get(identifier: Any) -> Any:
    """The metric of an object, name, class, config or function (a mean of it). Raises BadArgumentError with the nearest name."""
    if isinstance(identifier, Metric):
        return identifier
    if callable(identifier) and not isinstance(identifier, type):
        return MeanMetricWrapper(identifier, name=getattr(identifier, "__name__", "function"))
    if isinstance(identifier, Mapping) and identifier.get("class_name") == "MeanMetricWrapper":
        return MeanMetricWrapper(losses.get(identifier["config"]["fn"]), name=identifier["config"].get("name"))
    return _serialize.find(identifier, "metrics", _CLASSES, _ALIASES)


def deserialize(config: Any, custom_objects: Mapping[str, Any] | None = None) -> Any:
    """The metric of its JSON or name."""
    if custom_objects and isinstance(config, str) and config in custom_objects:
        return get(custom_objects[config])
    return get(config)


def serialize(metric: Any) -> Any:
    """Keras 3's JSON of a metric."""
    return _serialize.serialize(metric)
