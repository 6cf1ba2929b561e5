"""Metrics that count: right and wrong answers at thresholds, class by class, and what is made of the counts.

Formulas: keras/src/metrics, 3.15.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from cornu.errors import BadArgumentError, BadShapeError, UnsupportedError
from cornu.keras import losses
from cornu.keras._metric import Metric, share

_EPSILON = 1e-7
Array = np.ndarray


class _Confusion(Metric):
    """Counts of right and wrong yes and no at each threshold."""

    def reset_state(self) -> None:
        """Begins again."""
        self.counts = np.zeros((4, len(self._thresholds())))  # true and false positives, true and false negatives

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Takes a batch."""
        true, pred = losses._pair(y_true, y_pred)
        weight = np.broadcast_to(losses.fitted(sample_weight, true), true.shape)
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
        return self._shown(share(self.counts[0], self.counts[0] + self.counts[1]))


class Recall(_Confusion):
    """Of what is yes, the share that was said to be."""

    def result(self) -> Any:
        """The figure over all batches since reset_state()."""
        return self._shown(share(self.counts[0], self.counts[0] + self.counts[3]))


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
        recall = share(tp, tp + fn)
        return {"recall": recall, "precision": share(tp, tp + fp), "sensitivity": recall, "specificity": share(tn, tn + fp)}


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
        x, y = (share(fp, fp + tn), rates["recall"]) if self._config["curve"] == "ROC" else (rates["recall"], rates["precision"])
        ends = {"interpolation": (y[:-1] + y[1:]) / 2, "minoring": np.minimum(y[:-1], y[1:]), "majoring": np.maximum(y[:-1], y[1:])}
        return np.float32(((x[:-1] - x[1:]) * ends[method]).sum())


def _interpolated(tp: Array, fp: Array, fn: Array) -> float:
    """The area under precision over recall with true and false positives interpolated. Source: Davis and Goadrich, 2006."""
    said = tp + fp
    new, new_said = tp[:-1] - tp[1:], said[:-1] - said[1:]
    slope = share(new, np.maximum(new_said, 0))
    intercept = tp[1:] - slope * said[1:]
    both = (said[:-1] > 0) & (said[1:] > 0)
    ratio = np.where(both, share(said[:-1], np.maximum(said[1:], 0)), 1)
    return float(share(slope * (new + intercept * np.log(ratio)), np.maximum(tp[1:] + fn[1:], 0)).sum())


class _Best(_Spread):
    """The best of one rate where another is at least the number given under its name."""

    _rate = ""
    _bound = ""

    def result(self) -> Any:
        """The figure over all batches since reset_state()."""
        rates = self._rates()
        return np.float32(np.where(rates[self._bound] >= self._config[self._bound], rates[self._rate], 0).max())


class SensitivityAtSpecificity(_Best):
    """The best sensitivity where the specificity is at least `specificity`."""

    _rate, _bound = "sensitivity", "specificity"


class SpecificityAtSensitivity(_Best):
    """The best specificity where the sensitivity is at least `sensitivity`."""

    _rate, _bound = "specificity", "sensitivity"


class PrecisionAtRecall(_Best):
    """The best precision where the recall is at least `recall`."""

    _rate, _bound = "precision", "recall"


class RecallAtPrecision(_Best):
    """The best recall where the precision is at least `precision`."""

    _rate, _bound = "recall", "precision"


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
        precision, recall = share(tp, tp + fp), share(tp, tp + fn)
        squared = float(self._config.get("beta", 1.0)) ** 2
        score = share((1 + squared) * precision * recall, squared * precision + recall)
        average = self._config["average"]
        if average == "macro":
            return np.float32(score.mean())
        if average == "weighted":
            return np.float32((score * share(targets, targets.sum())).sum())
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
        return np.float32(share(both, union)[wanted][known].mean() if known.any() else 0)

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
