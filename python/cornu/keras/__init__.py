"""The part of Keras's interface that Cornu has, under Keras's names."""

from cornu.keras import models, saving
from cornu.keras.models import Model

__all__ = ["Model", "models", "saving"]
