# keras.ops that reduce or contract axes, as layers of a functional model.
o = keras.ops
A = (2, 3, 4)
AB = [(2, 3, 4), (2, 3, 4)]
ALL = ["sum", "mean", "max", "min", "prod", "var", "std", "logsumexp"]


def last(name):
    return lambda a: getattr(o, name)(a, axis=-1)


def kept(name):
    return lambda a: getattr(o, name)(a, axis=(1, 2), keepdims=True)


CASES = (
    [case(last(name), A, why=f"{name} over the last axis") for name in ALL]
    + [case(kept(name), A, why=f"{name} over two axes, kept") for name in ALL]
    + [
        case(lambda a: o.mean(a, axis=[1]), A, why="mean, axis in a list"),
        case(lambda a: o.sum(a, axis=1), (2, 3, 4), dtype="int32", why="sum of integers"),
        case(lambda a: o.mean(a, axis=1), (2, 3, 4), dtype="int32", why="mean of integers is a float"),
        case(lambda a: o.argmax(a, axis=-1), A, why="argmax"),
        case(lambda a: o.argmin(a, axis=1), A, why="argmin"),
        case(lambda a: o.cumsum(a, axis=1), A, why="cumsum"),
        case(lambda a: o.cumprod(a, axis=-1), A, why="cumprod"),
        case(lambda a: o.norm(a, axis=-1), A, why="norm"),
        case(lambda a: o.normalize(a, axis=-1), A, why="normalize"),
        case(lambda a: o.cast(o.any(a > 0.5, axis=-1), "int32"), A, why="any"),
        case(lambda a: o.cast(o.all(a > -0.5, axis=1), "int32"), A, why="all"),
        case(lambda a: o.top_k(a, 2), A, why="top_k: values and indices"),
        case(lambda a: o.sort(a, axis=1), A, why="sort"),
        case(lambda a: o.argsort(a, axis=-1), A, why="argsort"),
        case(lambda a, b: o.matmul(a, b), [(2, 3, 4), (2, 4, 5)], why="matmul"),
        case(lambda a, b: o.matmul(a, b), [(2, 3, 1, 4), (2, 1, 4, 5)], why="matmul, broadcast"),
        case(lambda a, b: o.einsum("bij,bkj->bik", a, b), AB, why="einsum"),
        case(lambda a, b: o.einsum("bij,bij->b", a, b), AB, why="einsum to a number a sample"),
        case(lambda a, b: o.tensordot(a, b[0], axes=[[2], [1]]), AB, why="tensordot"),
        case(lambda a: o.moments(a, axes=[1]), A, why="moments: mean and variance"),
    ]
)
