"""Models, data and arguments of fit(), for Cornu and real Keras: tools/golden_scripts.py makes what test_training.py compares."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

ROWS = 14
BATCH = 4  # the last batch is smaller


class Case(NamedTuple):
    """A model, its data and what compile() and fit() are told; weights come from arrays_for()."""

    name: str
    build: Callable[[Any], Any]
    data: tuple[Any, Any]
    compile: Callable[[Any], dict[str, Any]]
    fit: dict[str, Any]
    tolerance: float = 1e-5


_random = np.random.default_rng(11)
FEATURES = _random.normal(0, 1, (ROWS, 5)).astype("float32")
NUMBERS = _random.normal(0, 1, (ROWS, 3)).astype("float32")
CLASSES = _random.integers(0, 3, ROWS)
ONE_HOT = np.eye(3, dtype="float32")[CLASSES]
YES = _random.integers(0, 2, (ROWS, 3)).astype("float32")
WEIGHTS = _random.uniform(0, 2, ROWS).astype("float32")


def arrays_for(model: Any) -> list[np.ndarray]:
    """Weights that are the same for Keras and Cornu; variances are positive."""
    random = np.random.default_rng(3)
    found = []
    for weight in model.weights:
        values = random.normal(0, 0.4, tuple(weight.shape)).astype("float32")
        positive = weight.name in ("moving_variance", "gamma")
        found.append(np.abs(values) + 0.5 if positive else values)
    return found


def mlp(last: str | None = None, units: int = 3) -> Callable[[Any], Any]:
    def build(keras: Any) -> Any:
        layers = keras.layers
        return keras.Sequential([keras.Input((5,)), layers.Dense(6, activation="tanh"), layers.Dense(units, activation=last)])

    return build


def optimizers() -> Iterator[Case]:
    told: list[tuple[str, dict[str, Any]]] = [
        ("SGD", {"learning_rate": 0.1}),
        ("SGD", {"learning_rate": 0.1, "momentum": 0.8}),
        ("SGD", {"learning_rate": 0.1, "momentum": 0.8, "nesterov": True, "clipnorm": 0.3}),
        ("SGD", {"learning_rate": 0.1, "clipvalue": 0.05, "weight_decay": 0.1}),
        ("SGD", {"learning_rate": 0.1, "global_clipnorm": 0.4}),
        ("SGD", {"learning_rate": 0.1, "gradient_accumulation_steps": 3}),
        ("SGD", {"learning_rate": 0.1, "use_ema": True, "ema_momentum": 0.7}),
        ("SGD", {"learning_rate": 0.1, "use_ema": True, "ema_momentum": 0.7, "ema_overwrite_frequency": 2}),
        ("Adam", {"learning_rate": 0.02}),
        ("Adam", {"learning_rate": 0.02, "amsgrad": True, "weight_decay": 0.01}),
        ("AdamW", {"learning_rate": 0.02}),
        ("Adamax", {"learning_rate": 0.02}),
        ("Nadam", {"learning_rate": 0.02}),
        ("RMSprop", {"learning_rate": 0.02}),
        ("RMSprop", {"learning_rate": 0.02, "momentum": 0.5, "centered": True}),
        ("Adagrad", {"learning_rate": 0.1}),
        ("Adadelta", {"learning_rate": 1.0}),
        ("Adafactor", {"learning_rate": 0.05}),
        ("Ftrl", {"learning_rate": 0.1, "l1_regularization_strength": 0.01, "l2_regularization_strength": 0.02, "beta": 0.1}),
        ("Ftrl", {"learning_rate": 0.1, "l2_shrinkage_regularization_strength": 0.05}),
        ("Lion", {"learning_rate": 0.01}),
        ("Lamb", {"learning_rate": 0.05}),
        ("Muon", {"learning_rate": 0.02}),
    ]
    for number, (name, arguments) in enumerate(told):
        def compile_with(keras: Any, name: str = name, arguments: Any = arguments) -> dict[str, Any]:
            return {"optimizer": getattr(keras.optimizers, name)(**arguments), "loss": "mse"}

        # Signs of gradients near zero, and the iteration of Newton and Schulz, pass rounding errors on.
        tolerance = 1e-4 if name in ("Muon", "Lion", "Lamb", "Nadam", "Adam") else 1e-5
        yield Case(f"optimizer-{number}-{name}", mlp(), (FEATURES, NUMBERS), compile_with, {"epochs": 3}, tolerance)


def scheduled() -> Iterator[Case]:
    told: list[tuple[str, dict[str, Any]]] = [
        ("ExponentialDecay", {"initial_learning_rate": 0.2, "decay_steps": 2, "decay_rate": 0.8}),
        ("ExponentialDecay", {"initial_learning_rate": 0.2, "decay_steps": 2, "decay_rate": 0.8, "staircase": True}),
        ("InverseTimeDecay", {"initial_learning_rate": 0.2, "decay_steps": 2, "decay_rate": 0.8}),
        ("PolynomialDecay", {"initial_learning_rate": 0.2, "decay_steps": 5, "power": 2.0}),
        ("PiecewiseConstantDecay", {"boundaries": [2, 5], "values": [0.2, 0.1, 0.05]}),
        ("CosineDecay", {"initial_learning_rate": 0.0, "decay_steps": 6, "warmup_target": 0.2, "warmup_steps": 3}),
        ("CosineDecayRestarts", {"initial_learning_rate": 0.2, "first_decay_steps": 2}),
    ]
    for number, (name, arguments) in enumerate(told):
        def compile_with(keras: Any, name: str = name, arguments: Any = arguments) -> dict[str, Any]:
            return {"optimizer": keras.optimizers.SGD(getattr(keras.optimizers.schedules, name)(**arguments)), "loss": "mse"}

        yield Case(f"schedule-{number}-{name}", mlp(), (FEATURES, NUMBERS), compile_with, {"epochs": 3})


def losses() -> Iterator[Case]:
    told: list[tuple[Any, str | None, Any]] = [
        *((name, None, NUMBERS) for name in ("mae", "mape", "cosine_similarity", "log_cosh", "hinge", "squared_hinge")),
        ("hinge", "sigmoid", YES),
        ("msle", "softplus", np.abs(NUMBERS)),
        ("poisson", "softplus", np.abs(NUMBERS)),
        ("kl_divergence", "softmax", ONE_HOT * 0.7 + 0.1),
        ("categorical_hinge", "softmax", ONE_HOT),
        ("categorical_crossentropy", "softmax", ONE_HOT),
        ("sparse_categorical_crossentropy", "softmax", CLASSES),
        ("binary_crossentropy", "sigmoid", YES),
        ("dice", "sigmoid", YES),
        ("tversky", "sigmoid", YES),
        ("categorical_focal_crossentropy", "softmax", ONE_HOT),
        ("binary_focal_crossentropy", "sigmoid", YES),
    ]
    for number, (loss, last, targets) in enumerate(told):
        def compile_with(keras: Any, loss: Any = loss) -> dict[str, Any]:
            return {"optimizer": keras.optimizers.SGD(0.05), "loss": loss}

        # The steps of mape are so large that rounding errors grow.
        tolerance = 1e-3 if loss == "mape" else 1e-5
        yield Case(f"loss-{number}-{loss}", mlp(last), (FEATURES, targets), compile_with, {"epochs": 2}, tolerance)
    objects: list[tuple[str, dict[str, Any], Any]] = [
        ("CategoricalCrossentropy", {"from_logits": True, "label_smoothing": 0.1}, ONE_HOT),
        ("SparseCategoricalCrossentropy", {"from_logits": True, "ignore_class": 1}, CLASSES),
        ("BinaryCrossentropy", {"from_logits": True, "label_smoothing": 0.2}, YES),
        ("Huber", {"delta": 0.4, "reduction": "sum"}, NUMBERS),
        ("MeanSquaredError", {"reduction": "mean_with_sample_weight"}, NUMBERS),
    ]
    for name, arguments, targets in objects:
        def compile_object(keras: Any, name: str = name, arguments: Any = arguments) -> dict[str, Any]:
            return {"optimizer": keras.optimizers.SGD(0.05), "loss": getattr(keras.losses, name)(**arguments)}

        yield Case(f"loss-{name}", mlp(), (FEATURES, targets), compile_object, {"epochs": 2, "sample_weight": WEIGHTS})


def _adam(**more: Any) -> Callable[[Any], dict[str, Any]]:
    return lambda keras: {"optimizer": keras.optimizers.SGD(0.05, momentum=0.9), **more}


def penalised(keras: Any) -> Any:
    layers, regularizers = keras.layers, keras.regularizers
    return keras.Sequential([
        keras.Input((5,)),
        layers.Dense(6, activation="relu", kernel_regularizer=regularizers.L1L2(0.01, 0.02), bias_regularizer="l2",
                     activity_regularizer=regularizers.L2(0.01)),
        layers.Dense(4, kernel_constraint=keras.constraints.MaxNorm(0.9), bias_constraint="non_neg"),
        layers.Dense(3, kernel_constraint=keras.constraints.UnitNorm(), trainable=True),
    ])  # fmt: skip


def frozen(keras: Any) -> Any:
    layers = keras.layers
    return keras.Sequential([
        keras.Input((5,)),
        layers.Dense(6, activation="tanh", trainable=False),
        layers.BatchNormalization(trainable=False),
        layers.Dense(3),
    ])  # fmt: skip


def normalised(keras: Any) -> Any:
    layers = keras.layers
    return keras.Sequential([
        keras.Input((5,)),
        layers.Dense(6),
        layers.BatchNormalization(momentum=0.8),
        layers.Activation("relu"),
        layers.LayerNormalization(),
        layers.Dense(3),
    ])  # fmt: skip


def two_outputs(keras: Any) -> Any:
    layers = keras.layers
    x = keras.Input((5,), name="x")
    shared = layers.Dense(6, activation="tanh")(x)
    numbers = layers.Dense(3, name="numbers")(shared)
    classes = layers.Dense(3, activation="softmax", name="classes")(layers.Concatenate()([shared, x]))
    return keras.Model(x, [numbers, classes])


def models() -> Iterator[Case]:
    yield Case("penalised", penalised, (FEATURES, NUMBERS), _adam(loss="mse"), {"epochs": 2})
    yield Case("frozen", frozen, (FEATURES, NUMBERS), _adam(loss="mse"), {"epochs": 2})
    yield Case("normalised", normalised, (FEATURES, NUMBERS), _adam(loss="mse"), {"epochs": 2}, 1e-4)
    yield Case("weighted", mlp("softmax"), (FEATURES, CLASSES),
               _adam(loss="sparse_categorical_crossentropy", metrics=["accuracy"], weighted_metrics=["accuracy"]),
               {"epochs": 2, "class_weight": {0: 0.5, 1: 2.0, 2: 1.0}})  # fmt: skip
    yield Case("validated", mlp("softmax"), (FEATURES, ONE_HOT),
               _adam(loss="categorical_crossentropy", metrics=["accuracy", "mae"]),
               {"epochs": 3, "validation_split": 0.3, "validation_freq": 2})  # fmt: skip
    yield Case("two outputs", two_outputs, (FEATURES, [NUMBERS, CLASSES]),
               _adam(loss=["mse", "sparse_categorical_crossentropy"], loss_weights=[0.3, 2.0], metrics=[["mae"], ["accuracy"]]),
               {"epochs": 2})  # fmt: skip
    yield Case("two outputs by name", two_outputs, (FEATURES, {"numbers": NUMBERS, "classes": CLASSES}),
               _adam(loss={"numbers": "huber", "classes": "sparse_categorical_crossentropy"}), {"epochs": 2})  # fmt: skip


def cases() -> list[Case]:
    """All of them."""
    return [case for part in (optimizers, scheduled, losses, models) for case in part()]


def run(keras: Any, case: Case) -> tuple[dict[str, list[float]], list[np.ndarray], Any]:
    """The history, the weights afterwards, and the model."""
    model = case.build(keras)
    model.set_weights(arrays_for(model))
    model.compile(**case.compile(keras))
    history = model.fit(*case.data, batch_size=BATCH, shuffle=False, verbose=0, **case.fit)
    figures = {name: [float(value) for value in values] for name, values in history.history.items()}
    return figures, [np.asarray(weight) for weight in model.get_weights()], model
