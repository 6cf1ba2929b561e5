# keras.ops of one or two tensors, element by element, as layers of a functional model.
o = keras.ops
AB = [(2, 3, 4), (2, 3, 4)]
TABLE = np.linspace(0.05, 0.95, 24)  # inside the domain of log, sqrt, arcsin
IJ = [(2, 5), (2, 5)]
ONE = [
    "absolute", "ceil", "cos", "cosh", "exp", "expm1", "floor", "negative", "round", "sign", "sin", "sinh", "square",
    "tan", "tanh", "arctan", "arcsinh", "erf",
]  # fmt: skip
INSIDE = ["log", "log1p", "log2", "log10", "sqrt", "rsqrt", "reciprocal", "arcsin", "arccos", "arctanh"]
TWO = ["add", "subtract", "multiply", "divide", "maximum", "minimum", "arctan2", "logaddexp", "true_divide", "mod"]
COMPARE = ["equal", "not_equal", "greater", "greater_equal", "less", "less_equal"]
LOGIC = ["logical_and", "logical_or", "logical_xor"]
NEURAL = ["relu", "relu6", "sigmoid", "silu", "softplus", "softsign", "elu", "selu", "gelu", "hard_sigmoid"]


def compare(name):
    return lambda a, b: o.cast(getattr(o, name)(a, b), "float32")


def logic(name):
    return lambda a, b: o.cast(getattr(o, name)(o.cast(a, "bool"), o.cast(b, "bool")), "int32")


CASES = (
    [case(getattr(o, name), (2, 3, 4), why=name) for name in ONE + NEURAL]
    + [case(getattr(o, name), (2, 3, 4), inputs=[TABLE], why=name) for name in INSIDE]
    + [case(getattr(o, name), AB, why=name) for name in TWO]
    + [case(compare(name), IJ, dtype="int32", high=3, why=name) for name in COMPARE]
    + [case(logic(name), IJ, dtype="int32", high=2, why=name) for name in LOGIC]
    + [
        case(lambda a: o.power(a, 3), (2, 3, 4), why="power"),
        case(lambda a: o.clip(a, -0.5, 0.75), (2, 3, 4), why="clip"),
        case(lambda a: o.gelu(a, approximate=False), (2, 3, 4), why="gelu, exact"),
        case(lambda a: o.leaky_relu(a, negative_slope=0.3), (2, 3, 4), why="leaky_relu with a slope"),
        case(lambda a: o.softmax(a, axis=1), (2, 3, 4), why="softmax over an axis"),
        case(lambda a: o.log_softmax(a), (2, 3, 4), why="log_softmax"),
        case(lambda a, b: o.where(a > 0, a, b), AB, why="where"),
        case(lambda a: o.cast(a, "int32"), (2, 3, 4), why="cast goes towards zero"),
        case(lambda a: o.cast(a, "float32") * 0.5, (2, 5), dtype="int32", high=3, why="cast from integers"),
        case(lambda a: o.cast(o.logical_not(o.cast(a, "bool")), "int32"), (2, 5), dtype="int32", high=2, why="not"),
        case(o.zeros_like, (2, 3, 4), why="zeros_like"),
        case(o.ones_like, (2, 3, 4), why="ones_like"),
        case(lambda a: o.full_like(a, 2.5), (2, 3, 4), why="full_like"),
        case(lambda a: o.one_hot(a, 4), (2, 5), dtype="int32", high=3, why="one_hot"),
        case(lambda a: o.nan_to_num(o.log(a)), (2, 3, 4), why="nan_to_num"),
    ]
)
