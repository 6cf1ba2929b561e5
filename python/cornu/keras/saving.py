"""keras.saving: the same functions as keras.models."""

from cornu.keras.models import load_model

__all__ = ["load_model"]
