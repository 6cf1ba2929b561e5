# An Ellipsis in an index, which Keras 2 writes into .h5 only.
CASES = [
    case(lambda a: a[..., ::2], (2, 3, 4), why="ellipsis and step"),
    case(lambda a: a[..., -1], (2, 3, 4), why="ellipsis and index"),
    case(lambda a: a[:, 1, ..., None], (2, 3, 4), why="ellipsis between"),
]
