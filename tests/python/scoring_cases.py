"""Losses and metrics with data, for Cornu and for real Keras: tools/golden_scripts.py makes what test_scoring.py compares."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

Case = tuple[str, dict[str, Any], list[tuple[np.ndarray, np.ndarray, Any]]]  # class, arguments, batches

_random = np.random.default_rng(5)
_NUMBERS = _random.normal(0, 1, (6, 3)).astype("float32")
_TARGETS = _random.normal(0, 1, (6, 3)).astype("float32")
_SHARES = _random.dirichlet(np.ones(4), 6).astype("float32")
_ONE_HOT = np.eye(4, dtype="float32")[[0, 3, 1, 1, 2, 0]]
_CLASSES = np.array([0, 3, 1, 1, 2, 0])
_YES = np.array([[0, 1], [1, 1], [0, 0], [1, 0], [1, 1], [0, 1]], "float32")
_CHANCES = _random.uniform(0.02, 0.98, (6, 2)).astype("float32")
_WEIGHTS = np.array([0.5, 1.0, 2.0, 0.0, 1.5, 1.0], "float32")


def _batches(true: np.ndarray, pred: np.ndarray) -> list[tuple[np.ndarray, np.ndarray, Any]]:
    """Two batches, one with weights."""
    return [(true[:4], pred[:4], None), (true[2:], pred[2:], _WEIGHTS[2:])]


def losses() -> Iterator[Case]:
    for name in ("MeanSquaredError", "MeanAbsoluteError", "MeanAbsolutePercentageError", "MeanSquaredLogarithmicError", "LogCosh",
                 "CosineSimilarity", "Hinge", "SquaredHinge"):  # fmt: skip
        yield name, {}, _batches(_TARGETS, _NUMBERS)
    yield "Hinge", {}, _batches(_YES, _CHANCES)
    yield "Huber", {"delta": 0.7}, _batches(_TARGETS, _NUMBERS)
    yield "MeanSquaredError", {"reduction": "sum"}, _batches(_TARGETS, _NUMBERS)
    yield "MeanSquaredError", {"reduction": "mean_with_sample_weight"}, _batches(_TARGETS, _NUMBERS)
    yield "MeanSquaredError", {"reduction": None}, _batches(_TARGETS, _NUMBERS)
    yield "Poisson", {}, _batches(np.abs(_TARGETS), np.abs(_NUMBERS))
    for name in ("KLDivergence", "CategoricalHinge", "CategoricalCrossentropy", "CategoricalFocalCrossentropy"):
        yield name, {}, _batches(_ONE_HOT, _SHARES)
    for name in ("CategoricalCrossentropy", "CategoricalFocalCrossentropy"):
        yield name, {"from_logits": True, "label_smoothing": 0.1}, _batches(_ONE_HOT, _SHARES * 3)
    yield "SparseCategoricalCrossentropy", {}, _batches(_CLASSES, _SHARES)
    yield "SparseCategoricalCrossentropy", {"from_logits": True}, _batches(_CLASSES[:, None], _SHARES * 3)
    yield "SparseCategoricalCrossentropy", {"ignore_class": 1}, _batches(_CLASSES, _SHARES)
    yield "CategoricalGeneralizedCrossEntropy", {"q": 0.3}, _batches(_CLASSES, _SHARES)
    for name in ("BinaryCrossentropy", "BinaryFocalCrossentropy"):
        yield name, {}, _batches(_YES, _CHANCES)
        yield name, {"from_logits": True, "label_smoothing": 0.2}, _batches(_YES, _CHANCES * 4 - 2)
    yield "BinaryFocalCrossentropy", {"apply_class_balancing": True, "alpha": 0.4, "gamma": 1.5}, _batches(_YES, _CHANCES)
    yield "Dice", {}, [(_YES, _CHANCES, None)]
    yield "Dice", {"axis": (1,)}, [(_YES, _CHANCES, None)]
    yield "Tversky", {"alpha": 0.3, "beta": 0.8}, [(_YES, _CHANCES, None)]


def metrics() -> Iterator[Case]:
    for name in ("MeanSquaredError", "RootMeanSquaredError", "MeanAbsoluteError", "CosineSimilarity", "LogCoshError", "R2Score"):
        yield name, {}, _batches(_TARGETS, _NUMBERS)
    yield "R2Score", {"class_aggregation": "variance_weighted_average"}, _batches(_TARGETS, _NUMBERS)
    yield "R2Score", {"class_aggregation": None}, _batches(_TARGETS, _NUMBERS)
    yield "Accuracy", {}, _batches(_CLASSES[:, None], _CLASSES[::-1, None])
    yield "BinaryAccuracy", {"threshold": 0.4}, _batches(_YES, _CHANCES)
    yield "BinaryCrossentropy", {}, _batches(_YES, _CHANCES)
    yield "CategoricalAccuracy", {}, _batches(_ONE_HOT, _SHARES)
    yield "SparseCategoricalAccuracy", {}, _batches(_CLASSES[:, None], _SHARES)
    yield "SparseCategoricalCrossentropy", {}, _batches(_CLASSES, _SHARES)
    yield "TopKCategoricalAccuracy", {"k": 2}, _batches(_ONE_HOT, _SHARES)
    yield "SparseTopKCategoricalAccuracy", {"k": 2}, _batches(_CLASSES, _SHARES)
    for name in ("TruePositives", "FalsePositives", "TrueNegatives", "FalseNegatives", "Precision", "Recall"):
        yield name, {}, _batches(_YES, _CHANCES)
        yield name, {"thresholds": [0.2, 0.6]}, _batches(_YES, _CHANCES)
    yield "Precision", {"top_k": 2}, _batches(_ONE_HOT, _SHARES)
    yield "Recall", {"class_id": 1}, _batches(_YES, _CHANCES)
    for curve in ("ROC", "PR"):
        for method in ("interpolation", "minoring", "majoring"):
            yield "AUC", {"curve": curve, "summation_method": method}, _batches(_YES, _CHANCES)
    yield "AUC", {"from_logits": True, "num_thresholds": 21}, _batches(_YES, _CHANCES * 4 - 2)
    yield "SensitivityAtSpecificity", {"specificity": 0.5}, _batches(_YES, _CHANCES)
    yield "SpecificityAtSensitivity", {"sensitivity": 0.5}, _batches(_YES, _CHANCES)
    yield "PrecisionAtRecall", {"recall": 0.5}, _batches(_YES, _CHANCES)
    yield "RecallAtPrecision", {"precision": 0.5}, _batches(_YES, _CHANCES)
    for average in (None, "micro", "macro", "weighted"):
        yield "F1Score", {"average": average}, _batches(_ONE_HOT, _SHARES)
    yield "FBetaScore", {"beta": 2.0, "threshold": 0.3}, _batches(_ONE_HOT, _SHARES)
    yield "IoU", {"num_classes": 4, "target_class_ids": [0, 1]}, _batches(_CLASSES, _CLASSES[::-1])
    yield "MeanIoU", {"num_classes": 4, "ignore_class": 2}, _batches(_CLASSES, _CLASSES[::-1])
    yield "BinaryIoU", {"threshold": 0.4}, [(_YES, _CHANCES, None)]
    yield "OneHotIoU", {"num_classes": 4, "target_class_ids": [1]}, _batches(_ONE_HOT, _SHARES)
    yield "OneHotMeanIoU", {"num_classes": 4}, _batches(_ONE_HOT, _SHARES)


def evaluations() -> Iterator[tuple[str, dict[str, Any], list[np.ndarray], Any, dict[str, Any]]]:
    """A model of building_models, arguments of compile(), targets, sample weights and further arguments of evaluate()."""
    one = _random.normal(0, 1, (2, 1)).astype("float32")
    two = _random.normal(0, 1, (2, 2)).astype("float32")
    yield "operators", {"loss": "mse", "metrics": ["mae", "RootMeanSquaredError"]}, [two], None, {}
    yield "operators", {"loss": "mse"}, [two], None, {"batch_size": 1}
    yield "residual", {"loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]}, [np.array([2, 0])], None, {}
    yield "residual", {"loss": "categorical_crossentropy", "metrics": ["acc", "AUC"]}, [np.eye(3)[[2, 0]]], None, {"batch_size": 1}
    yield (
        "sequential",
        {"loss": "binary_crossentropy", "metrics": ["accuracy"], "weighted_metrics": ["mae"]},
        [np.array([[1], [0]])],
        np.array([0.5, 2.0]),
        {},
    )
    yield "several_inputs", {"loss": ["mse", "mae"], "loss_weights": [0.5, 2], "metrics": [["mae"], ["mse"]]}, [one, two], None, {}
    yield "several_inputs", {"loss": {"one": "mse", "two": "huber"}}, [one, two], None, {"batch_size": 1}
