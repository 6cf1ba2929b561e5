#!/usr/bin/env python3
"""Does memory stay flat over many predictions? Predicts in this process, in threads, and through a pool.

    bench/soak.py MODEL.npz [--model MODEL] [--predictions N] [--workers N]

MODEL.npz has input_0 (and more) and output_0; the model's file is MODEL.keras unless given. Prints resident memory of this
process and of each worker at ten points; the exit status is 1 if any grew by more than 2 MB after the first tenth, or if an
answer differs from the first.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

import cornu
import numpy as np

ALLOWED_BYTES = 2_000_000  # pages that Python and the allocator keep by chance
PARTS = 10


def resident(process: int | str = "self") -> int:
    """Private bytes of a process: resident ones less those of files and shared memory."""
    fields = {}
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        key, _, value = line.partition(":")
        fields[key] = value
    return 1024 * int(fields["RssAnon"].split()[0])


def soak(name: str, step: Callable[[int], None], count: int, processes: Callable[[], list[int | str]]) -> bool:
    """Calls step(n) so that `count` predictions are made, in ten parts; whether memory stayed flat."""
    first: list[int] = []
    flat = True
    for part in range(PARTS):
        step(count // PARTS)
        sizes = [resident(process) for process in processes()]
        first = first or sizes
        flat = flat and all(size - before <= ALLOWED_BYTES for size, before in zip(sizes, first, strict=True))
        done = (part + 1) * (count // PARTS)
        print(f"{name}: {done:>9,} predictions, MB: {[round(size / 1e6, 2) for size in sizes]}", flush=True)
    return flat


def main() -> int:
    parser = argparse.ArgumentParser(description="Checks that memory stays flat.")
    parser.add_argument("arrays", type=Path)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--predictions", type=int, default=1_000_000)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    with np.load(options.arrays) as stored:
        x = stored["input_0"][:1]
    model = cornu.keras.models.load_model(options.model or options.arrays.with_suffix(".keras"))
    expected = model.predict(x, verbose=0)
    wrong = 0

    def check(answers: np.ndarray) -> None:
        nonlocal wrong
        wrong += not np.array_equal(answers, expected)

    def alone(count: int) -> None:
        for _ in range(count):
            check(model.predict(x, verbose=0))

    flat = soak("one process", alone, options.predictions, lambda: ["self"])
    with cornu.Pool(model, workers=options.workers) as pool:

        def shared(count: int) -> None:
            for answers in pool.imap_unordered(x for _ in range(count)):
                check(answers)

        flat &= soak("pool", shared, options.predictions, lambda: ["self", *pool.workers])
    print("memory is flat" if flat else "memory GREW", f"{wrong} wrong answers", sep=", ")
    return 0 if flat and wrong == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
