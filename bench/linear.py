"""Does cost grow linearly? Batches of 1 to 256, and models of 1 to 1,000 layers; Cornu, one thread.

    bench/linear.py FOLDER [NAME...] [--rounds 9] [--json FILE]

Prints for each model of FOLDER the ms a sample at each batch size, and for stacks of dense layers of 32 units the ms to load and
to answer, in total and for each layer. Least times of the rounds: what the machine's other work does not disturb.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import contest
import numpy as np

BATCHES = [1, 2, 4, 8, 16, 32, 64, 128, 256]
LAYERS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]
UNITS = 32


def least_ms(call: Callable[[], object], rounds: int) -> float:
    """The shortest of the rounds."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return 1e3 * min(times)


def by_batch(file: Path, sample: np.ndarray, rounds: int) -> dict[int, float]:
    """The ms a sample at each batch size."""
    from cornu import _cornu

    model = _cornu.load(str(file), "", 1, None)
    costs = {}
    for batch in BATCHES:
        inputs = [np.repeat(sample[:1], batch, axis=0)]
        costs[batch] = least_ms(lambda x=inputs, n=batch: model.predict(x, n), max(3, rounds // max(1, batch // 16))) / batch
    return costs


def by_layers(rounds: int) -> dict[int, tuple[float, float]]:
    """The ms to load and to answer for each number of layers."""
    from cornu import _cornu, keras

    costs = {}
    with tempfile.TemporaryDirectory() as folder:
        for count in LAYERS:
            layers = [keras.layers.Dense(UNITS, activation="relu") for _ in range(count)]
            file = Path(folder) / f"{count}.keras"
            keras.Sequential([keras.Input((UNITS,)), *layers]).save(file)
            load = least_ms(lambda path=str(file): _cornu.load(path, "", 1, None), rounds)
            model = _cornu.load(str(file), "", 1, None)
            inputs = [np.ones((1, UNITS), np.float32)]
            model.predict(inputs, 1)
            costs[count] = (load, least_ms(lambda m=model, x=inputs: m.predict(x, 1), 20 * rounds))
    return costs


def main() -> None:
    """Runs the command line."""
    arguments = contest.parser(__doc__ or "").parse_args()
    print(contest.machine())
    for name in arguments.names:
        file = next(path for suffix in (".keras", ".h5") if (path := arguments.folder / f"{name}{suffix}").exists())
        costs = by_batch(file, np.load(arguments.folder / f"{name}.npz")["input_0"], arguments.rounds)
        print(f"{name:16} ms a sample by batch: " + ", ".join(f"{batch}: {ms:.4g}" for batch, ms in costs.items()), flush=True)
        contest.keep(arguments, {"kind": "batches", "machine": contest.machine(), "model": name, "ms_a_sample": costs})
    costs = by_layers(arguments.rounds)
    for count, (load, run) in costs.items():
        each = f"{1e3 * load / count:.1f} and {1e3 * run / count:.2f} us a layer"
        print(f"{count:5} layers: load {load:.3f} ms, run {1e3 * run:.1f} us ({each})")
    contest.keep(arguments, {"kind": "layers", "machine": contest.machine(), "load_and_run_ms": costs})


if __name__ == "__main__":
    main()
