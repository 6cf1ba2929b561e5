#!/usr/bin/env python3
"""Shows what Cornu does with a model file; ./demo sets things up and runs it.

    tools/demo.py [MODEL]    default: examples/digits/digits.keras, whose answers are checked

Prints the model, what of it is used in place, predictions, and a table of load time, first answer, latency and memory
for one process and for four. Exit status 1 if an answer differs from Keras's by more than 1e-5 of the largest one.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
CORNU = Path(sys.executable).parent / "cornu"
DIGITS = ROOT / "examples" / "digits"
AIM = 1e-5
SHOWN = 8  # predictions printed
INKS = " .:-=+*#@"


def cornu(*arguments: str) -> str:
    """Standard output of a cornu command; leaves with its exit status if it fails (it has said why)."""
    done = subprocess.run([str(CORNU), *arguments], stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit(done.returncode)
    return done.stdout


def title(text: str) -> None:
    print(f"\n== {text}")


def draw(image: np.ndarray) -> list[str]:
    """An 8 x 8 image of 0..16 as lines of characters."""
    levels = (image[..., 0] / 16 * (len(INKS) - 1)).round().astype(int)
    return ["".join(INKS[level] * 2 for level in row) for row in levels]


def predict_digits(model: Path) -> bool:
    """Predicts the stored images; prints some, and compares all with Keras's answers. True if they are the same."""
    out = ROOT / "build" / "demo.npz"
    title(f"cornu predict {model.name} digits.npz -o demo.npz")
    cornu("predict", str(model), str(DIGITS / "digits.npz"), "-o", str(out))
    with np.load(out) as produced, np.load(DIGITS / "digits.npz") as stored:
        answers, reference = produced["output_0"], stored["output_0"]
        images, labels = stored["input_0"], stored["labels"]
    for lines in zip(*(draw(image) for image in images[:4]), strict=True):
        print("   ".join(lines))
    print("   ".join(f"a {np.argmax(answer)}, p = {answer.max():.4f}".ljust(16) for answer in answers[:4]))
    error = float(np.abs(answers - reference).max() / np.abs(reference).max())
    right = int((answers.argmax(axis=1) == labels).sum())
    print(f"{len(answers)} images: {right} digits read right; largest difference to Keras {error:.1e} (aim {AIM:.0e})")
    return error <= AIM


def predict_random(model: Path) -> None:
    """Answers of any model for random input, through the Python package."""
    from cornu import keras

    title(f"keras.models.load_model({model.name!r}).predict(random)")
    loaded = keras.models.load_model(model)
    random = np.random.default_rng(1)
    inputs = []
    for port in loaded.inputs:
        shape = [32 if size is None else size for size in port.shape]
        shape[0] = 2 if port.shape[0] is None else shape[0]
        inputs.append(random.random(shape) if "float" in port.dtype else random.integers(0, 2, shape))
    answers = loaded.predict(inputs)
    for port, answer in zip(loaded.outputs, answers if isinstance(answers, list) else [answers], strict=True):
        flat = np.asarray(answer).reshape(-1)[:SHOWN]
        print(f"{port.name}: shape {answer.shape}, begins {np.array2string(flat, precision=4)}")


def measure(model: Path) -> None:
    """The table of times and memory. One thread per process, so that four processes are comparable with one."""
    title("cornu bench: random input, batch 1, one thread per process")
    columns = ("processes", "load ms", "first answer ms", "latency p50 ms", "p90 ms", "private MB each", "all together MB")
    print("  ".join(columns))
    facts = {}
    for workers in (1, 4):
        facts = json.loads(cornu("bench", str(model), "--workers", str(workers), "--threads", "1", "--json"))
        latency = facts["latency_ms"]
        together = sum(worker["proportional_bytes"] for worker in facts["workers"]) / 1e6
        cells = (f"{workers}", f"{facts['load_ms']:.2f}", f"{facts['first_predict_ms']:.2f}", f"{latency['p50']:.3f}",
                 f"{latency['p90']:.3f}", f"{facts['private_bytes_per_worker'] / 1e6:.1f}", f"{together:.1f}")
        print("  ".join(cell.rjust(len(column)) for cell, column in zip(cells, columns, strict=True)))
    share = 100 * facts["weights_in_place_bytes"] / max(facts["weights_bytes"], 1)
    print(f"weights: {facts['weights_bytes'] / 1e6:.2f} MB, {share:.1f} % used where they lie in the file")


def main() -> int:
    given = sys.argv[1] if len(sys.argv) > 1 else None
    model = Path(given) if given else DIGITS / "digits.keras"
    title(f"cornu inspect {model.name}")
    print(cornu("inspect", str(model)), end="")
    same = True
    if given:
        predict_random(model)
    else:
        same = predict_digits(model)
    measure(model)
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
