"""compile() and evaluate() of models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cornu._arrays import gives_batches
from cornu.errors import BadArgumentError, UnsupportedError
from cornu.keras import _structure

if TYPE_CHECKING:
    from cornu.keras import _evaluate


class Scoring:
    """What a model tells of its answers beside targets."""

    if TYPE_CHECKING:
        name: str
        output_names: list[str]

        def _build_for(self, x: Any) -> None: ...

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
            optimizer: accepted as in Keras; nothing is trained.
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
        self.optimizer = optimizer
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

    def fit(self, *args: Any, **kwargs: Any) -> None:
        """Raises UnsupportedError: Cornu does not train yet."""
        del args, kwargs
        raise UnsupportedError("training is not there yet; predict and evaluate are", self.name)

    def _scores(self) -> Any:
        from cornu.keras import _evaluate

        arguments = self.__dict__.get("_compile_arguments")
        if arguments is None:
            stored = self._serialized().get("compile_config") or {}
            if "loss" not in stored:
                raise BadArgumentError("call compile(loss=..., metrics=...) first", self.name)
            arguments = (stored["loss"], stored.get("loss_weights"), stored.get("metrics"), stored.get("weighted_metrics"))
            self._compile_arguments = arguments
        if self.__dict__.get("_compiled") is None:
            self._compiled = _evaluate.Compiled(*arguments, self.output_names)
        return self._compiled
