"""Cornu runs Keras models as they are: weights stay in the pages of the model's file.

Example:
    import cornu as tf
    from cornu import keras
    model = keras.models.load_model("model.keras")
    answers = model.predict(x)
"""

from cornu import errors, keras
from cornu._cornu import version as __version__
from cornu.pool import Pool

__all__ = ["Pool", "__version__", "errors", "keras"]
