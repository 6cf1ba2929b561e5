"""One measurement of bench/multiprocess.py, in a process of its own: prints one JSON object.

    multiprocess_case.py FRAMEWORK PATTERN METHOD WORKERS THREADS SECONDS MODEL ARRAYS

FRAMEWORK  numpy (nothing but NumPy: the memory that others are compared with), cornu, keras, onnxruntime, openvino, litert
PATTERN    1: each worker loads the model; 2: the parent loads it and passes it on; 3: cornu.Pool
METHOD     spawn, fork, forkserver
MODEL      the file that the framework reads; ARRAYS: .npz with input_0 and output_0

"ready" goes to standard output when all workers have answered twice the same two images: whoever started the program takes the
time. Then each tells its memory, all predict for SECONDS one image at a time, and the JSON line follows.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import pickle
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

Predict = Callable[[Any], Any]
BEGIN_LIMIT_S = 600


def memory(process: int | str = "self") -> dict[str, int]:
    """Bytes of a process by /proc/PID/smaps_rollup."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()[1:]
    kib = {line.split(":")[0]: int(line.split()[1]) for line in lines}
    return {
        "private": 1024 * (kib["Private_Clean"] + kib["Private_Dirty"]),
        "shared": 1024 * (kib["Shared_Clean"] + kib["Shared_Dirty"]),
        "proportional": 1024 * kib["Pss"],
    }


def load(framework: str, path: str, threads: int) -> Any:
    """The model as a user of the framework loads it."""
    if framework == "cornu":
        import cornu as tf
        from cornu import keras

        tf.config.threading.set_intra_op_parallelism_threads(threads)
        return keras.models.load_model(path, compile=False)
    if framework == "keras":
        import tensorflow as tf

        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(1)
        import keras

        return keras.models.load_model(path, compile=False)
    if framework == "onnxruntime":
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    if framework == "openvino":
        import openvino

        core = openvino.Core()
        core.set_property({"CACHE_DIR": str(Path(path).parent / "openvino_cache")})
        settings = {"INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": 1, "INFERENCE_PRECISION_HINT": "f32"}
        return core.compile_model(path, "CPU", settings)
    if framework == "litert":
        from ai_edge_litert.compiled_model import CompiledModel
        from ai_edge_litert.options import CpuOptions, Options

        cache = str(Path(path).with_suffix(".xnnpack_cache"))
        return CompiledModel.from_file(path, options=Options(cpu_options=CpuOptions(threads, xnnpack_weight_cache_path=cache)))
    return None


def predictor(framework: str, model: Any) -> Predict:
    """A function that answers for a batch of images."""
    if framework in ("cornu", "keras"):
        return lambda x: model.predict(x, verbose=0)
    if framework == "onnxruntime":
        name = model.get_inputs()[0].name
        return lambda x: model.run(None, {name: x})[0]
    if framework == "openvino":
        request = model.create_infer_request()
        return lambda x: request.infer({0: x})[0]
    if framework == "litert":
        return litert_predictor(model)
    return lambda x: x


def litert_predictor(model: Any) -> Predict:
    import numpy as np

    buffers: dict[int, Any] = {}  # by rows; one at a time

    def predict(x: Any) -> Any:
        if len(x) not in buffers:
            buffers.clear()
            model.resize_input_tensor(0, x.shape, strict=False)
            buffers[len(x)] = (model.create_input_buffers(0), model.create_output_buffers(0))
        inputs, outputs = buffers[len(x)]
        inputs[0].write(np.ascontiguousarray(x))
        model.run_by_index(0, inputs, outputs)
        return np.asarray(outputs[0].read(len(x) * 1000, np.float32)).reshape(len(x), 1000)

    return predict


def work(task: tuple[str, Any, int, float, str], barrier: Any, connection: Any) -> None:
    """A worker: loads or is given the model, answers, waits for the others, tells its memory, goes on predicting."""
    framework, model, threads, seconds, arrays = task
    import numpy as np

    with np.load(arrays) as stored:
        x, expected = stored["input_0"][:2], stored["output_0"][:2]
    if isinstance(model, str):
        model = load(framework, model, threads)
    predict = predictor(framework, model)
    answers = predict(x)
    error = float(np.abs(answers - expected).max() / np.abs(expected).max()) if framework != "numpy" else 0.0
    connection.send(error)
    barrier.wait(BEGIN_LIMIT_S)
    connection.send(memory())
    barrier.wait(BEGIN_LIMIT_S)
    begin, runs = time.perf_counter(), 0
    while framework != "numpy" and time.perf_counter() - begin < seconds:
        predict(x[:1])
        runs += 1
    connection.send(runs / (time.perf_counter() - begin))
    barrier.wait(BEGIN_LIMIT_S)  # nobody measures while others end


def run_workers(framework: str, pattern: int, method: str, count: int, threads: int, seconds: float, path: str, arrays: str) -> Any:
    model = load(framework, path, threads) if pattern == 2 else path
    context = multiprocessing.get_context(method)
    barrier = context.Barrier(count)
    task = (framework, model, threads, seconds, arrays)
    pipes = [context.Pipe(False) for _ in range(count)]
    processes = [context.Process(target=work, args=(task, barrier, there)) for _, there in pipes]
    for process in processes:
        process.start()
    error = max(here.recv() for here, _ in pipes)
    print("ready", flush=True)
    memories = [here.recv() for here, _ in pipes]
    rates = [here.recv() for here, _ in pipes]
    for process in processes:
        process.join()
    wire = len(pickle.dumps(model)) if method != "fork" or framework == "cornu" else 0
    return {"error": error, "memory": memories, "images_per_second": sum(rates), "wire_bytes": wire}


def run_pool(count: int, threads: int, seconds: float, path: str, arrays: str) -> Any:
    import cornu
    import numpy as np

    with np.load(arrays) as stored:
        x, expected = stored["input_0"][:2], stored["output_0"][:2]
    with cornu.Pool(path, workers=count, threads_per_worker=threads) as pool:
        answers = pool.map([x] * count)
        print("ready", flush=True)
        memories = [memory(worker) for worker in pool.workers]
        begin, runs = time.perf_counter(), 0

        def images() -> Any:
            while time.perf_counter() - begin < seconds:
                yield x[:1]

        for _ in pool.imap_unordered(images()):
            runs += 1
        rate = runs / (time.perf_counter() - begin)
    error = max(float(np.abs(answer - expected).max() / np.abs(expected).max()) for answer in answers)
    return {"error": error, "memory": memories, "images_per_second": rate, "wire_bytes": 0}


def main() -> None:
    framework, pattern, method, count, threads, seconds, path, arrays = sys.argv[1:]
    sizes = (int(count), int(threads), float(seconds), path, arrays)
    result = run_pool(*sizes) if pattern == "3" else run_workers(framework, int(pattern), method, *sizes)
    print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
