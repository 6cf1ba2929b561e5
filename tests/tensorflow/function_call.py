@tf.function
def twice(x):
    return x * 2, x + 1


@tf.function
def calls(x, y):
    a, b = twice(x)
    c, d = twice(y)
    return a + c, b - d


CASES = [
    case(lambda x: list(twice(x)), (2, 3)),
    case(lambda x, y: list(calls(x, y)), (2, 3), (2, 3)),
]
