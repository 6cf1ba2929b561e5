"""One runtime in a process of its own, driven over standard input: what the benchmarks measure.

    peers.py RUNTIME FOLDER NAME THREADS BATCH

RUNTIME is a key of RUNTIMES. FOLDER holds NAME.keras (or NAME.h5), NAME.npz (`input_0`, ..., `output_0`, ...) and, for the
peers, what convert.py made of it. Each line of standard input is a command, each answer one line of JSON:
    load        {"import_ms", "load_ms", "first_ms"}: importing the runtime, until it could run, and its first run
    check       {"error"}: largest difference to the stored answers, relative to the largest of them
    time MS     {"median_ms", "runs", "total_ms"}: of the runs that fit into MS milliseconds, at least 3
Peers run with their best settings for latency: float32, NUM_STREAMS 1 (OpenVINO), inputs set without a copy where the
runtime can do that.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

Arrays = list[np.ndarray]
Run = Callable[[], Arrays]


def cornu(base: Path, threads: int, inputs: Arrays) -> tuple[float, Callable[[], Run]]:
    """Cornu, from the user's own file."""
    start = time.perf_counter()
    from cornu import _cornu

    imported = time.perf_counter() - start
    file = next(path for path in (base.with_suffix(".keras"), base.with_suffix(".h5")) if path.exists())

    def load() -> Run:
        model = _cornu.load(str(file), "", threads, None)
        return lambda: model.predict(inputs, len(inputs[0]))

    return imported, load


def tensorflow(base: Path, threads: int, inputs: Arrays) -> tuple[float, Callable[[], Run]]:
    """TensorFlow: the serving signature of an exported SavedModel."""
    os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""}
    start = time.perf_counter()
    import tensorflow as tf

    imported = time.perf_counter() - start
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(1)

    def load() -> Run:
        model = tf.saved_model.load(f"{base}_sm")
        serve = model.signatures["serving_default"]
        names = sorted(serve.structured_input_signature[1])
        feed = {name: tf.constant(x) for name, x in zip(names, inputs, strict=True)}
        outputs = sorted(serve.structured_outputs)
        keep = [model]  # the signature does not keep its variables alive

        def run() -> Arrays:
            answers = serve(**feed)
            return [answers[name].numpy() for name in outputs] if keep else []

        return run

    return imported, load


def onnxruntime(base: Path, threads: int, inputs: Arrays) -> tuple[float, Callable[[], Run]]:
    """ONNX Runtime, all graph optimisations."""
    start = time.perf_counter()
    import onnxruntime as ort

    imported = time.perf_counter() - start

    def load() -> Run:
        options = ort.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        session = ort.InferenceSession(f"{base}.onnx", options, providers=["CPUExecutionProvider"])
        feed = {port.name: x for port, x in zip(session.get_inputs(), inputs, strict=True)}
        return lambda: session.run(None, feed)

    return imported, load


def openvino(base: Path, threads: int, inputs: Arrays) -> tuple[float, Callable[[], Run]]:
    """OpenVINO in float32; its default is bfloat16 where the machine has that."""
    start = time.perf_counter()
    import openvino as ov

    imported = time.perf_counter() - start

    def load() -> Run:
        core = ov.Core()
        model = core.read_model(f"{base}.xml")
        model.reshape({port: list(x.shape) for port, x in zip(model.inputs, inputs, strict=True)})
        settings = {
            "INFERENCE_NUM_THREADS": threads,
            "NUM_STREAMS": 1,
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_PRECISION_HINT": "f32",
        }
        request = core.compile_model(model, "CPU", settings).create_infer_request()
        feed = dict(enumerate(inputs))
        return lambda: list(request.infer(feed, share_inputs=True, share_outputs=True).values())

    return imported, load


def litert(base: Path, threads: int, inputs: Arrays, cache: str = "") -> tuple[float, Callable[[], Run]]:
    """LiteRT (formerly TensorFlow Lite) with XNNPACK."""
    start = time.perf_counter()
    from ai_edge_litert.compiled_model import CompiledModel, CpuOptions, Options

    imported = time.perf_counter() - start

    def load() -> Run:
        options = Options(cpu_options=CpuOptions(num_threads=threads, xnnpack_weight_cache_path=cache))
        model = CompiledModel.from_file(f"{base}.tflite", options=options)
        signature = next(iter(model.get_signature_list().items()))
        for name, x in zip(sorted(signature[1]["inputs"]), inputs, strict=True):
            model.resize_input_tensor_by_name(signature[0], name, list(x.shape))
        to, back = model.create_input_buffers(0), model.create_output_buffers(0)
        for buffer, x in zip(to, inputs, strict=True):
            buffer.write(x)
        names = signature[1]["outputs"]
        details = model.get_output_tensor_details(signature[0])
        shapes = [[len(inputs[0]), *list(details[name]["shape"])[1:]] for name in names]

        def run() -> Arrays:
            model.run_by_index(0, to, back)
            return [b.read(int(np.prod(s)), np.float32).reshape(s) for b, s in zip(back, shapes, strict=True)]

        return run

    return imported, load


def litert_cached(base: Path, threads: int, inputs: Arrays) -> tuple[float, Callable[[], Run]]:
    """LiteRT with XNNPACK's weight cache: a file beside the model, written by the first process that loads it."""
    return litert(base, threads, inputs, f"{base}.xnnpack_cache")


RUNTIMES = {
    "cornu": cornu,
    "tensorflow": tensorflow,
    "onnxruntime": onnxruntime,
    "openvino": openvino,
    "litert": litert,
    "litert_cached": litert_cached,
}


def read_case(file: Path, batch: int) -> tuple[Arrays, Arrays]:
    """The inputs and answers of an .npz, repeated along the first axis to `batch` rows."""
    with np.load(file) as case:

        def arrays(prefix: str) -> Arrays:
            names = [f"{prefix}_{i}" for i in range(len(case.files)) if f"{prefix}_{i}" in case.files]
            return [np.ascontiguousarray(np.resize(case[n], (batch, *case[n].shape[1:]))) for n in names]

        return arrays("input"), arrays("output")


def timed(run: Run, milliseconds: float) -> list[float]:
    """The durations of runs, in ms, for about `milliseconds`; the first is left out, it warms caches up."""
    run()
    times: list[float] = []
    begin = time.perf_counter()
    while len(times) < 3 or (time.perf_counter() - begin) * 1e3 < milliseconds:
        start = time.perf_counter()
        run()
        times.append((time.perf_counter() - start) * 1e3)
    return times


def serve(arguments: list[str]) -> None:
    """Answers commands until standard input ends."""
    runtime, folder, name, threads, batch = arguments
    inputs, expected = read_case(Path(folder, f"{name}.npz"), int(batch))
    imported, load = RUNTIMES[runtime](Path(folder, name), int(threads), inputs)
    run: Run = list
    for line in sys.stdin:
        command, *rest = line.split()
        if command == "load":
            start = time.perf_counter()
            run = load()
            loaded = time.perf_counter()
            run()
            answer = {
                "import_ms": imported * 1e3,
                "load_ms": (loaded - start) * 1e3,
                "first_ms": (time.perf_counter() - loaded) * 1e3,
            }
        elif command == "check":
            pairs = list(zip(run(), expected, strict=True))
            answer = {"error": float(max(np.abs(y - e).max() / np.abs(e).max() for y, e in pairs))}
        else:
            times = timed(run, float(rest[0]))
            answer = {"median_ms": statistics.median(times), "runs": len(times), "total_ms": sum(times)}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    serve(sys.argv[1:])
