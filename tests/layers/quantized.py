# Layers whose kernels and tables are quantised, as `quantize()` leaves them, and LoRA adapters. Not both at once: a .keras
# file then holds other numbers than an .h5 file, because Keras merges the adapters and quantises again.
L = keras.layers
P = keras.dtype_policies
Q = keras.quantizers
X, IDS = (2, 3, 8), (2, 5)


def int8(source="float32"):
    return P.QuantizedDTypePolicy("int8", source)


def int4(group=-1, source="float32"):
    return P.get(f"int4/{group}_from_{source}")


def float8():
    return P.QuantizedFloat8DTypePolicy("float8", "float32", amax_history_length=3)


def ids(layer, why):
    return case(layer, IDS, dtype="int32", high=10, why=why)


def there_and_back(**options):
    layer = L.ReversibleEmbedding(10, 7, **options)
    return lambda x: [layer(x), layer(layer(x), reverse=True)]


def calibrated(layer):
    """The layer, saved with its zero points, which Keras 3.15 forgets and asks for when it loads."""

    def save(store):
        names = [name for name in layer.variable_serialization_spec[layer.quantization_mode] if getattr(layer, name) is not None]
        for i, name in enumerate(names):
            store[str(i)] = getattr(layer, name)

    layer.save_own_variables = save
    return layer


WEIGHTS_ONLY = Q.Int8QuantizationConfig(activation_quantizer=None)
NARROW = Q.Int8QuantizationConfig(activation_quantizer=Q.AbsMaxQuantizer(value_range=(-63, 63), epsilon=1e-3))
INPUTS_TOO = Q.Int4QuantizationConfig(activation_quantizer=Q.AbsMaxQuantizer(), block_size=None)
MAP = P.DTypePolicyMap("mixed_bfloat16", {".*query": P.DTypePolicy("float32")})

CASES = [
    case(L.Dense(5, activation="relu", dtype=int8()), X, why="Dense, int8"),
    case(L.Dense(5, use_bias=False, dtype=int8(), quantization_config=WEIGHTS_ONLY), X, why="int8, inputs as they are"),
    case(L.Dense(5, dtype=int8(), quantization_config=NARROW), X, why="int8, inputs in a narrow range"),
    case(L.Dense(5, dtype=int8("mixed_bfloat16")), X, why="int8 computed in bfloat16"),
    case(L.Dense(5, dtype=int4()), X, why="Dense, int4, odd columns"),
    case(L.Dense(6, dtype=int4(3)), X, why="int4 in groups of rows, the last one short"),
    case(L.Dense(6, dtype=int4(), quantization_config=INPUTS_TOO), X, why="int4, inputs quantised"),
    case(L.Dense(5, dtype=float8()), X, why="Dense, float8"),
    case(calibrated(L.Dense(5, dtype=P.GPTQDTypePolicy("gptq/4/4", "float32"))), X, why="Dense, gptq, 4 bits in groups"),
    case(calibrated(L.Dense(5, dtype=P.GPTQDTypePolicy("gptq/8/-1", "float32"))), X, why="gptq, 8 bits"),
    case(calibrated(L.Dense(5, dtype=P.AWQDTypePolicy("awq/4/4", "float32"))), X, why="Dense, awq"),
    case(L.EinsumDense("abc,cd->abd", (None, 6), bias_axes="d", dtype=int8()), X, why="EinsumDense, int8"),
    case(L.EinsumDense("abc,cde->abde", (None, 2, 3), dtype=int8()), X, why="int8, several columns"),
    case(L.EinsumDense("abcd,cde->abe", (3, 6), bias_axes="e", dtype=int8()), (2, 3, 2, 4), why="int8, several rows"),
    case(L.EinsumDense("abc,dc->adb", (4, None), dtype=int8()), X, why="int8, axes change places"),
    case(L.EinsumDense("abc,cde->abde", (None, 3, 3), dtype=int4()), X, why="EinsumDense, int4"),
    case(L.EinsumDense("abc,cd->abd", (None, 5), dtype=int4(3)), X, why="int4 in groups"),
    case(L.EinsumDense("abc,cd->abd", (None, 5), dtype=int4(), quantization_config=INPUTS_TOO), X, why="int4, inputs too"),
    case(L.EinsumDense("abc,cd->abd", (None, 5), bias_axes="d", dtype=float8()), X, why="EinsumDense, float8"),
    case(calibrated(L.EinsumDense("abc,cde->abde", (None, 2, 3), dtype=P.GPTQDTypePolicy("gptq/4/4", "float32"))), X, why="EinsumDense, gptq"),
    case(calibrated(L.EinsumDense("abc,cd->abd", (None, 5), bias_axes="d", dtype=P.AWQDTypePolicy("awq/4/-1", "float32"))), X, why="EinsumDense, awq"),
    ids(L.Embedding(10, 7, dtype=int8()), "Embedding, int8"),
    ids(L.Embedding(10, 7, dtype=int4()), "Embedding, int4"),
    ids(L.Embedding(10, 7, dtype=int4(3)), "Embedding, int4 in groups"),
    ids(there_and_back(dtype=int8()), "ReversibleEmbedding, int8"),
    ids(there_and_back(dtype=int8(), tie_weights=False, logit_soft_cap=2.0), "int8, two tables"),
    ids(there_and_back(dtype=int4()), "ReversibleEmbedding, int4"),
    ids(there_and_back(dtype=int4(3)), "int4 in groups, one table"),
    ids(there_and_back(dtype=int4(3), tie_weights=False), "int4 in groups, two tables"),
    case(lambda x: L.MultiHeadAttention(2, 4, dtype=MAP)(x, x), X, why="a policy for some layers inside"),
    case(L.Dense(5, lora_rank=2), X, why="Dense with adapters"),
    case(L.EinsumDense("abc,cde->abde", (None, 2, 3), lora_rank=2, lora_alpha=1), X, why="EinsumDense with adapters"),
    ids(L.Embedding(10, 7, lora_rank=3), "Embedding with adapters"),
]  # fmt: skip


def policy(mode):
    config = {"mode": mode, "source_name": "float32"}
    return {"module": "keras.dtype_policies", "class_name": "QuantizedDTypePolicy", "config": config}


def quantizer(name, **config):
    given = {"module": "keras.quantizers", "class_name": name, "config": config}
    outer = {"weight_quantizer": None, "activation_quantizer": given}
    return {"module": "keras.quantizers", "class_name": "Int8QuantizationConfig", "config": outer}


REJECTED = [
    reject({"dtype": policy("int3")}, "bad_config"),
    reject({"dtype": policy("int4/0")}, "bad_config", of=4),
    reject({"dtype": policy("int4/x")}, "bad_config", of=4),
    reject({"dtype": policy("gptq/4")}, "bad_config"),
    reject({"dtype": policy("gptq/99/4")}, "bad_config"),
    reject({"lora_rank": -1}, "bad_config"),
    reject({"quantization_config": quantizer("AbsMaxQuantizer", value_range=[-1000, 1000])}, "bad_config"),
    reject({"quantization_config": quantizer("SomeQuantizer")}, "unsupported"),
]
