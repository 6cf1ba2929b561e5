"""keras.metrics: running figures over batches, computed with NumPy.

Formulas: keras/src/metrics, 3.15.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from cornu.errors import BadArgumentError, BadShapeError, UnsupportedError
from cornu.keras import _serialize, losses

_EPSILON = 1e-7
Array = np.ndarray


class Metric(_serialize.Configured):
    """The base class: update_state() takes a batch, result() tells the figure so far, reset_state() begins again.

    A metric of one's own defines these three; `add_weight` gives it arrays of zeros that reset_state() clears.
    """

    _module = "metrics"
    _arguments: dict[str, Any] = {"name": None, "dtype": None}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name: str = self._config.get("name") or _snake_case(type(self).__name__)
        self._state: dict[str, Array] = {}
        self.reset_state()

    def add_weight(self, shape: Any = (), initializer: Any = None, dtype: Any = None, name: str | None = None) -> Any:
        """An array that is part of the state."""
        del initializer
        key = name or f"variable_{len(self._state)}"
        self._state[key] = np.zeros(shape, dtype or np.float64)
        return self._state[key]

    def update_state(self, *args: Any, **kwargs: Any) -> None:
        """Takes a batch."""
        raise NotImplementedError(f"{type(self).__name__} has no update_state()")

    def result(self) -> Any:
        """The figure over all batches since reset_state()."""
        raise NotImplementedError(f"{type(self).__name__} has no result()")

    def reset_state(self) -> None:
        """Begins again."""
        for array in self.__dict__.get("_state", {}).values():
            array[...] = 0

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """update_state(), then result()."""
        self.update_state(*args, **kwargs)
        return self.result()


class Sum(Metric):
    """The sum of values, with weights."""

    def reset_state(self) -> None:
        """Begins again."""
        self.total, self.count = 0.0, 0.0

    def update_state(self, values: Any, sample_weight: Any = None) -> None:
        """Takes values."""
        array = np.asarray(values, np.float64)
        weight = np.broadcast_to(_weights(sample_weight, array), array.shape)
        self.total += float((array * weight).sum())
        self.count += float(weight.sum())

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
    return (_class_numbers(y_true, np.asarray(y_pred)) == np.argmax(y_pred, -1)).astype(np.float32)


def top_k_categorical_accuracy(y_true: Any, y_pred: Any, k: int = 5) -> Array:
    """1 where the one-hot target is among the k largest predictions."""
    return sparse_top_k_categorical_accuracy(np.argmax(y_true, -1), y_pred, k)


def sparse_top_k_categorical_accuracy(y_true: Any, y_pred: Any, k: int = 5, from_sorted_ids: bool = False) -> Array:
    """1 where the class number is among the k largest predictions."""
    pred = np.asarray(y_pred)
    true = _class_numbers(y_true, pred)
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


class _Confusion(Metric):
    """Counts of right and wrong yes and no at each threshold."""

    def reset_state(self) -> None:
        """Begins again."""
        self.counts = np.zeros((4, len(self._thresholds())))  # true and false positives, true and false negatives

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Takes a batch."""
        true, pred = losses._pair(y_true, y_pred)
        weight = np.broadcast_to(_weights(sample_weight, true), true.shape)
        config = self._config
        if config.get("from_logits"):
            pred = 1 / (1 + np.exp(-pred))
        if config.get("top_k") is not None:
            own = np.sort(pred, -1)[..., -config["top_k"], None]
            pred = np.where(pred >= own, pred, -1e10)
        if config.get("class_id") is not None:
            true, pred, weight = (x[..., config["class_id"]] for x in (true, pred, weight))
        true, pred, weight = (x.reshape(-1) for x in (true, pred, weight))
        yes = true > 0 if true.dtype.kind == "f" else true.astype(bool)
        said = pred[None] > np.asarray(self._thresholds(), pred.dtype)[:, None]
        for row, (a, b) in enumerate([(yes, said), (~yes, said), (~yes, ~said), (yes, ~said)]):
            self.counts[row] += ((a & b) * weight).sum(-1)

    def _thresholds(self) -> Sequence[float]:
        given = self._config.get("thresholds")
        if given is None:
            return [-1e10 if self._config.get("top_k") is not None else 0.5]
        return given if isinstance(given, (list, tuple)) else [given]

    def _shown(self, values: Array) -> Any:
        return np.float32(values[0]) if len(values) == 1 else values.astype(np.float32)


class TruePositives(_Confusion):
    """How many yes were said to be yes."""

    _row = 0

    def result(self) -> Any:
        """The figure over all batches since reset_state()."""
        return self._shown(self.counts[self._row])


class FalsePositives(TruePositives):
    """How many no were said to be yes."""

    _row = 1


class TrueNegatives(TruePositives):
    """How many no were said to be no."""

    _row = 2


class FalseNegatives(TruePositives):
    """How many yes were said to be no."""

    _row = 3


class Precision(_Confusion):
    """Of what was said to be yes, the share that is."""

    def result(self) -> Any:
        """The figure over all batches since reset_state()."""
        return self._shown(_share(self.counts[0], self.counts[0] + self.counts[1]))


class Recall(_Confusion):
    """Of what is yes, the share that was said to be."""

    def result(self) -> Any:
        """The figure over all batches since reset_state()."""
        return self._shown(_share(self.counts[0], self.counts[0] + self.counts[3]))


class _Spread(_Confusion):
    """A figure over evenly spread thresholds."""

    def _thresholds(self) -> Sequence[float]:
        count = int(self._config["num_thresholds"])
        if self._config.get("thresholds") is not None:
            inner = sorted(self._config["thresholds"])
        else:
            inner = [(i + 1) / (count - 1) for i in range(count - 2)]
        return [-_EPSILON, *inner, 1 + _EPSILON]

    def _rates(self) -> dict[str, Array]:
        tp, fp, tn, fn = self.counts
        recall = _share(tp, tp + fn)
        return {"recall": recall, "precision": _share(tp, tp + fp), "sensitivity": recall, "specificity": _share(tn, tn + fp)}

    def _best(self, of: str, where: str) -> Any:
        rates = self._rates()
        return np.float32(np.where(rates[where] >= self._config[where], rates[of], 0).max())


class AUC(_Spread):
    """The area under the curve of recall over false positives ("ROC"), or of precision over recall ("PR")."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self._config["multi_label"] or self._config["num_labels"] or self._config["label_weights"] is not None:
            raise UnsupportedError("areas label by label are not computed; use one AUC per label", "AUC")
        if self._config["curve"] not in ("ROC", "PR"):
            raise BadArgumentError(f"curve is ROC or PR, received {self._config['curve']!r}", "AUC")
        if self._config["summation_method"] not in ("interpolation", "minoring", "majoring"):
            raise BadArgumentError(
                f"summation_method is interpolation, minoring or majoring, received {self._config['summation_method']!r}", "AUC"
            )

    def result(self) -> Any:
        """The figure over all batches since reset_state()."""
        tp, fp, tn, fn = self.counts
        rates = self._rates()
        method = self._config["summation_method"]
        if self._config["curve"] == "PR" and method == "interpolation":
            return np.float32(_interpolated(tp, fp, fn))
        x, y = (_share(fp, fp + tn), rates["recall"]) if self._config["curve"] == "ROC" else (rates["recall"], rates["precision"])
        ends = {"interpolation": (y[:-1] + y[1:]) / 2, "minoring": np.minimum(y[:-1], y[1:]), "majoring": np.maximum(y[:-1], y[1:])}
        return np.float32(((x[:-1] - x[1:]) * ends[method]).sum())


def _interpolated(tp: Array, fp: Array, fn: Array) -> float:
    """The area under precision over recall with true and false positives interpolated. Source: Davis and Goadrich, 2006."""
    said = tp + fp
    new, new_said = tp[:-1] - tp[1:], said[:-1] - said[1:]
    slope = _share(new, np.maximum(new_said, 0))
    intercept = tp[1:] - slope * said[1:]
    both = (said[:-1] > 0) & (said[1:] > 0)
    ratio = np.where(both, _share(said[:-1], np.maximum(said[1:], 0)), 1)
    return float(_share(slope * (new + intercept * np.log(ratio)), np.maximum(tp[1:] + fn[1:], 0)).sum())


class SensitivityAtSpecificity(_Spread):
    """The best sensitivity where the specificity is at least `specificity`."""

    def result(self) -> Any:
        """The figure over all batches since reset_state()."""
        return self._best("sensitivity", "specificity")


class SpecificityAtSensitivity(_Spread):
    """The best specificity where the sensitivity is at least `sensitivity`."""

    def result(self) -> Any:
        """The figure over all batches since reset_state()."""
        return self._best("specificity", "sensitivity")


class PrecisionAtRecall(_Spread):
    """The best precision where the recall is at least `recall`."""

    def result(self) -> Any:
        """The figure over all batches since reset_state()."""
        return self._best("precision", "recall")


class RecallAtPrecision(_Spread):
    """The best recall where the precision is at least `precision`."""

    def result(self) -> Any:
        """The figure over all batches since reset_state()."""
        return self._best("recall", "precision")


class FBetaScore(Metric):
    """The weighted harmonic mean of precision and recall of each class; targets and predictions are (rows, classes)."""

    def reset_state(self) -> None:
        """Begins again."""
        self.sums: Any = None  # right, wrongly in, wrongly out, targets; per class

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Takes a batch."""
        true, pred = np.asarray(y_true, np.float64), np.asarray(y_pred)
        if true.ndim != 2 or true.shape != pred.shape:
            raise BadShapeError(f"needs (rows, classes) twice, received {true.shape} and {pred.shape}", self.name)
        threshold = self._config["threshold"]
        if threshold is None:
            best = pred.max(-1, keepdims=True)
            said = (pred >= best) & (np.abs(pred) > 1e-9)
        else:
            said = pred > threshold
        weight = np.ones(len(true)) if sample_weight is None else np.asarray(sample_weight, np.float64)
        axis = None if self._config["average"] == "micro" else 0
        parts = [true * said, (1 - true) * said, true * ~said, true]
        sums = np.array([(part * weight[:, None]).sum(axis) for part in parts])
        self.sums = sums if self.sums is None else self.sums + sums

    def result(self) -> Any:
        """The figure over all batches since reset_state()."""
        if self.sums is None:
            return np.float32(0)
        tp, fp, fn, targets = self.sums
        precision, recall = _share(tp, tp + fp), _share(tp, tp + fn)
        squared = float(self._config.get("beta", 1.0)) ** 2
        score = _share((1 + squared) * precision * recall, squared * precision + recall)
        average = self._config["average"]
        if average == "macro":
            return np.float32(score.mean())
        if average == "weighted":
            return np.float32((score * _share(targets, targets.sum())).sum())
        return np.asarray(score, np.float32)[()]


class F1Score(FBetaScore):
    """FBetaScore with beta 1."""


class IoU(Metric):
    """Intersection over union of the wanted classes, from a matrix of counts."""

    def reset_state(self) -> None:
        """Begins again."""
        size = self._size()
        self.matrix = np.zeros((size, size))

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Takes a batch."""
        config = self._config
        axis = config.get("axis", -1)
        true = np.asarray(y_true) if config.get("sparse_y_true", True) else np.argmax(y_true, axis)
        pred = np.asarray(y_pred) if config.get("sparse_y_pred", True) else np.argmax(y_pred, axis)
        true, pred = true.reshape(-1).astype(np.int64), pred.reshape(-1).astype(np.int64)
        weight = np.ones(true.shape) if sample_weight is None else np.asarray(sample_weight, np.float64).reshape(-1)
        if config.get("dtype") is None:  # Keras counts in integers, and cuts weights to them
            weight = np.trunc(weight)
        if config.get("ignore_class") is not None:
            kept = true != config["ignore_class"]
            true, pred, weight = true[kept], pred[kept], weight[kept]
        size = self._size()
        if true.size and not ((true >= 0) & (true < size) & (pred >= 0) & (pred < size)).all():
            raise BadArgumentError(f"classes must be 0 to {size - 1}", self.name)
        np.add.at(self.matrix, (true, pred), weight)

    def result(self) -> Any:
        """The figure over all batches since reset_state()."""
        both = np.diag(self.matrix)
        union = self.matrix.sum(0) + self.matrix.sum(1) - both
        wanted = list(self._wanted())
        known = union[wanted] > 0
        return np.float32(_share(both, union)[wanted][known].mean() if known.any() else 0)

    def _size(self) -> int:
        return int(self._config["num_classes"])

    def _wanted(self) -> Sequence[int]:
        chosen: Sequence[int] = self._config["target_class_ids"]
        return chosen


class MeanIoU(IoU):
    """The mean over all classes."""

    def _wanted(self) -> Sequence[int]:
        return range(self._size())


class BinaryIoU(IoU):
    """Of no and yes, told by a threshold."""

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Takes a batch."""
        super().update_state(y_true, np.asarray(y_pred) >= self._config["threshold"], sample_weight)

    def _size(self) -> int:
        return 2


class OneHotIoU(IoU):
    """Of one-hot targets and predictions of each class."""

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Takes a batch."""
        super().update_state(np.argmax(y_true, self._config["axis"]), y_pred, sample_weight)


class OneHotMeanIoU(OneHotIoU):
    """The mean over all classes."""

    def _wanted(self) -> Sequence[int]:
        return range(self._size())


class R2Score(Metric):
    """1 minus the squared errors over the squared distances from the mean, per output and then combined."""

    def reset_state(self) -> None:
        """Begins again."""
        self.sums: Any = None  # squared errors, squared targets, targets, weights; per output
        self.rows = 0

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Takes a batch."""
        true, pred = (np.asarray(x, np.float64) for x in losses._pair(y_true, y_pred))
        weight = np.ones((len(true), 1)) if sample_weight is None else np.asarray(sample_weight, np.float64).reshape(-1, 1)
        parts = [np.square(true - pred), np.square(true), true, np.ones_like(true)]
        sums = np.array([(part * weight).sum(0) for part in parts])
        self.sums = sums if self.sums is None else self.sums + sums
        self.rows += len(true)

    def result(self) -> Any:
        """The figure over all batches since reset_state()."""
        if self.sums is None:
            return np.float32(0)
        errors, squares, total, count = self.sums
        spread = squares - total * total / count
        score = np.where(spread == 0, 0, 1 - errors / np.where(spread == 0, 1, spread))
        how = self._config["class_aggregation"]
        if how == "variance_weighted_average":
            score = (score * spread).sum() / spread.sum()
        elif how == "uniform_average":
            score = score.mean()
        regressors = self._config["num_regressors"]
        if regressors:
            score = 1 - (1 - score) * (self.rows - 1) / (self.rows - regressors - 1)
        return np.asarray(score, np.float32)[()]


def _weights(sample_weight: Any, values: Array) -> Array:
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


def _share(part: Array, whole: Array) -> Array:
    """part / whole, 0 where there is nothing."""
    part, whole = np.asarray(part, np.float64), np.asarray(whole, np.float64)
    return np.divide(part, whole, out=np.zeros(np.broadcast_shapes(part.shape, whole.shape)), where=whole != 0)


def _class_numbers(y_true: Any, pred: Array) -> Array:
    true = np.asarray(y_true)
    if true.ndim == pred.ndim and true.shape[-1] == 1:
        true = true[..., 0]
    if true.shape != pred.shape[:-1]:
        raise BadShapeError(f"class numbers of shape {np.shape(y_true)} do not fit predictions {pred.shape}", "y_true")
    return true.astype(np.int64)


def _snake_case(name: str) -> str:
    from cornu.keras._building import snake_case

    return snake_case(name)


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
