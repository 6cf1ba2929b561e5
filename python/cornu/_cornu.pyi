# The native module; made by python/bindings. Use cornu.keras instead.
import numpy as np

version: str

def load(path: str, config: str, threads: int) -> Model: ...
def attach(handle: str) -> Model: ...

class Model:
    name: str
    class_name: str
    path: str
    handle: str
    inputs: list[tuple[str, str, tuple[int | None, ...]]]
    outputs: list[tuple[str, str, tuple[int | None, ...]]]
    layers: list[tuple[str, str, tuple[int | None, ...], int, int]]
    weights: list[tuple[str, str, tuple[int, ...], bool]]
    weights_bytes: int
    weights_in_place_bytes: int
    def predict(self, inputs: list[np.ndarray], batch_size: int) -> list[np.ndarray]: ...
