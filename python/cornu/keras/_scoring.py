"""compile(), evaluate() and fit() of models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cornu._arrays import gives_batches
from cornu.errors import BadArgumentError
from cornu.keras import _structure

if TYPE_CHECKING:
    from cornu.keras import _evaluate


class Scoring:
    """What a model tells of its answers beside targets."""

    if TYPE_CHECKING:
        name: str
        output_names: list[str]
        _made_of: dict[str, Any] | None
        _trainables: dict[int, bool]

        def _build_for(self, x: Any) -> None: ...

        def _all_cells(self) -> list[Any]: ...

        def _serialized(self) -> dict[str, Any]: ...

    def compile(  # noqa: A003 - Keras's name
        self,
        optimizer: Any = "rmsprop",
        loss: Any = None,
        loss_weights: Any = None,
        metrics: Any = None,
        weighted_metrics: Any = None,
        **kwargs: Any,
    ) -> None:
        """Says what evaluate() tells.

        Args:
            optimizer: of keras.optimizers, by object, name or config; what fit() changes the weights by.
            loss: a loss of keras.losses, by object, name or function: one for all outputs, a list in their order, a dict by name.
            loss_weights: numbers, nested like `loss`.
            metrics, weighted_metrics: of keras.metrics, by object, name or function; the latter see sample weights.
            kwargs: accepted as in Keras: `run_eagerly`, `steps_per_execution`, `jit_compile`, `auto_scale_loss`.
        Raises: BadArgumentError with the nearest name for an unknown loss or metric.
        """
        from cornu.keras import losses
        from cornu.keras import metrics as known

        unknown = set(kwargs) - {"run_eagerly", "steps_per_execution", "jit_compile", "auto_scale_loss"}
        if unknown:
            raise BadArgumentError(f"does not take {sorted(unknown)}", "compile")
        for item in _structure.flatten(loss) if not isinstance(loss, dict) or "class_name" not in loss else [loss]:
            if item is not None:
                losses.get(item)
        for item in [*_structure.flatten(metrics), *_structure.flatten(weighted_metrics)]:
            if item is not None and item not in ("accuracy", "acc", "crossentropy", "ce"):
                known.get(item)
        from cornu.keras import optimizers

        self.optimizer = optimizers.get(optimizer)
        self._compile_arguments = (loss, loss_weights, metrics, weighted_metrics)
        self._compiled: _evaluate.Compiled | None = None

    def evaluate(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: int | None = None,
        verbose: str | int = "auto",
        sample_weight: Any = None,
        steps: int | None = None,
        callbacks: Any = None,
        return_dict: bool = False,
    ) -> Any:
        """The loss and metrics of compile() over data.

        Args:
            x: as predict() takes it; batches are (x, y) or (x, y, sample_weight).
            y: targets, nested like the outputs, or by their names.
            batch_size: rows of one pass; None means 32.
            verbose, callbacks: as in predict().
            sample_weight: a number per row, or per output and row.
            steps: the number of batches; None means all.
            return_dict: figures by name in place of a list.
        Returns: a number if there is only a loss, else a list; rows count alike, whatever the batches.
        Raises: BadArgumentError without compile(), or for data that does not fit.
        """
        from cornu.keras import _evaluate

        if not gives_batches(x):
            self._build_for(x)
        results = _evaluate.evaluate(self, self._scores(), x, y, batch_size, verbose, sample_weight, steps, callbacks)
        return results if return_dict else next(iter(results.values())) if len(results) == 1 else list(results.values())

    def test_on_batch(self, x: Any, y: Any = None, sample_weight: Any = None, return_dict: bool = False) -> Any:
        """The loss and metrics of one batch. Arguments as in evaluate()."""
        from cornu.keras import _evaluate

        self._build_for(x)
        scores = self._scores()
        scores.reset()
        _evaluate.update(self, scores, x, y, sample_weight, _evaluate.penalty_of(self))
        results = scores.results()
        return results if return_dict else next(iter(results.values())) if len(results) == 1 else list(results.values())

    @property
    def metrics_names(self) -> list[str]:
        """Names of what evaluate() told last."""
        return list(self._scores().results())

    def fit(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: int | None = None,
        epochs: int = 1,
        verbose: str | int = "auto",
        callbacks: Any = None,
        validation_split: float = 0.0,
        validation_data: Any = None,
        shuffle: bool | str = True,
        class_weight: Any = None,
        sample_weight: Any = None,
        initial_epoch: int = 0,
        steps_per_epoch: int | None = None,
        validation_steps: int | None = None,
        validation_batch_size: int | None = None,
        validation_freq: int = 1,
    ) -> Any:
        """Trains the model.

        Args:
            x: as evaluate() takes it.
            y: targets, nested like the outputs, or by their names.
            batch_size: rows of one step; None means 32.
            epochs: passes over the data; the number of the last one, if `initial_epoch` is not 0.
            verbose, callbacks: as in predict(); each epoch has its bar or line.
            validation_split: the share of the rows, at their end, that validates and does not train.
            validation_data: (x, y), (x, y, sample_weight) or batches of them.
            shuffle: whether rows come in another order in each epoch; "batch": batches do.
            class_weight: a number for each class of the targets.
            sample_weight: a number per row, or per output and row.
            steps_per_epoch, validation_steps: the number of batches; None means all.
            validation_freq: epochs from one validation to the next.
        Returns: History: figures of each epoch.
        Raises: BadArgumentError without compile(), or for data that does not fit; UnsupportedError for what has no gradient.
        """
        from cornu.keras import _batches, _fit

        if not gives_batches(x):
            self._build_for(x)
        training, compiled = self._in_training()
        arguments = (x, y, sample_weight)
        if validation_split and validation_data is None:
            arguments, validation_data = _batches.divided(arguments, validation_split)
        source = _batches.source_of(self, *arguments, batch_size, shuffle, class_weight)
        validation = None
        if validation_data is not None:
            given = (validation_data,) if gives_batches(validation_data) else tuple(validation_data)
            size = None if gives_batches(given[0]) else validation_batch_size or batch_size
            validation = _batches.source_of(self, *[*given, None, None][:3], size, False, None)
        return _fit.fit(self, training, compiled, source, epochs, verbose, callbacks, validation, initial_epoch, steps_per_epoch,
                        validation_steps, validation_freq)  # fmt: skip

    def train_on_batch(
        self, x: Any, y: Any = None, sample_weight: Any = None, class_weight: Any = None, return_dict: bool = False
    ) -> Any:
        """One step of training on one batch; gives its figures. Arguments as in fit()."""
        import numpy as np

        from cornu.keras import _batches, _fit

        self._build_for(x)
        training, compiled = self._in_training()
        source = _batches.source_of(self, x, y, sample_weight, len(np.asarray(_structure.flatten(x)[0])), False, class_weight)
        compiled.reset()
        run = _fit.Fitting(self, training, compiled, int(np.random.randint(2**31)))
        run.step(next(source.begin()))
        training.publish()
        results = compiled.results()
        return results if return_dict else next(iter(results.values())) if len(results) == 1 else list(results.values())

    def _in_training(self) -> tuple[Any, Any]:
        """The trainer, which goes on as long as model, losses and optimizer are the same, and the running figures."""
        from cornu.keras._training import Training, check_optimizer

        compiled = self._scores()
        check_optimizer(self.__dict__.get("optimizer"))
        training = self.__dict__.get("_training")
        # What can be told without writing the config: in a loop over train_on_batch nothing of it changes.
        layers = self._made_of.values() if self._made_of is not None else ()
        now = (self._all_cells(), compiled, self.optimizer, tuple(self._trainables.items()),
               tuple(layer.trainable for layer in layers))  # fmt: skip
        if training is None or (training.seen != now and not training.is_for(self, compiled, self.optimizer)):
            training = self._training = Training(self, compiled, self.optimizer)
        training.seen = now
        return training, compiled

    def _compiled_json(self, kind: str) -> str:
        """What compile() was told as Keras writes it into a file of a kind; empty without compile()."""
        import json

        from cornu.keras import _training

        if self.__dict__.get("_compile_arguments") is None:
            return ""
        return json.dumps(_training.compile_config(self.optimizer, self._compile_arguments, kind))

    def _optimizer_state(self) -> list[tuple[str, Any]]:
        """Paths and values of the optimizer's variables, if there are any yet."""
        import numpy as np

        optimizer = self.__dict__.get("optimizer")
        if optimizer is None or not optimizer.built:
            return []
        return [(variable.path, np.asarray(variable.value, order="C")) for variable in optimizer.variables]

    def _scores(self) -> Any:
        from cornu.keras import _evaluate

        arguments = self.__dict__.get("_compile_arguments")
        if arguments is None:
            stored = self._serialized().get("compile_config") or {}
            if not stored and self._root._native.path:
                from cornu.keras import _training

                stored = _training.from_training_config(_training_state(self._root._native.path)[0])
            if "loss" not in stored:
                raise BadArgumentError("call compile(loss=..., metrics=...) first", self.name)
            from cornu.keras import optimizers

            self.optimizer = optimizers.get(stored.get("optimizer"))
            if self.optimizer is not None and self._root._native.path:
                self.optimizer._restore(_training_state(self._root._native.path)[1])
            arguments = (stored["loss"], stored.get("loss_weights"), stored.get("metrics"), stored.get("weighted_metrics"))
            self._compile_arguments = arguments
        if self.__dict__.get("_compiled") is None:
            self._compiled = _evaluate.Compiled(*arguments, self.output_names)
        return self._compiled


def _training_state(path: str) -> tuple[str, list[Any]]:
    """What an .h5 file says of training, and the optimizer's variables; nothing if they cannot be read."""
    import numpy as np

    from cornu import _cornu
    from cornu.errors import Error

    try:
        config, variables = _cornu.training_state(path)
    except Error:
        return "", []
    return config, [np.asarray(item) for item in variables]
