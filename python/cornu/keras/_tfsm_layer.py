"""TFSMLayer: a SavedModel as a layer."""

from __future__ import annotations

import os
from typing import Any

from cornu.errors import BadArgumentError
from cornu.keras.layers import Layer


class TFSMLayer(Layer):
    """Runs a function of a SavedModel folder that TensorFlow or Keras exported.

    Args:
        filepath: the folder.
        call_endpoint: the signature that a call runs: "serve" of Keras's export, "serving_default", ...
        call_training_endpoint: accepted as in Keras; a call always predicts.
        trainable: accepted as in Keras.
        name: the layer's name.
    Raises: BadArgumentError for an endpoint that the model does not have; what cornu.saved_model.load raises.
    Example: keras.layers.TFSMLayer("exported", call_endpoint="serve")(x)
    """

    def __init__(
        self,
        filepath: str | os.PathLike[str],
        call_endpoint: str = "serve",
        call_training_endpoint: str | None = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        from cornu import saved_model

        super().__init__(name=name, trainable=trainable, dtype=dtype)
        self.filepath = os.fspath(filepath)
        self.call_endpoint = call_endpoint
        self.call_training_endpoint = call_training_endpoint
        loaded = saved_model.load(self.filepath)
        if call_endpoint not in loaded.signatures:
            raise BadArgumentError(
                f"the model has no endpoint {call_endpoint!r}; it has {list(loaded.signatures)}", "call_endpoint"
            )
        self._signature = loaded.signatures[call_endpoint]
        self._endpoint = saved_model.Endpoint(self._signature)

    def __call__(self, inputs: Any, training: bool = False, **kwargs: Any) -> Any:
        """Runs the function on arrays, or a dictionary of arrays by name.

        Returns: as in Keras: of "serving_default" a dictionary, of an endpoint that gives one array the array.
        """
        del training, kwargs
        if self.call_endpoint != "serving_default":
            return self._endpoint(inputs)
        return self._signature(**inputs) if isinstance(inputs, dict) else self._signature(inputs)

    def get_config(self) -> dict[str, Any]:
        """The arguments of the constructor."""
        return {
            "name": self.name,
            "trainable": self.trainable,
            "filepath": self.filepath,
            "call_endpoint": self.call_endpoint,
            "call_training_endpoint": self.call_training_endpoint,
        }
