A = (2, 3, 4)
CASES = [
    case(lambda a: a[:, ::2, -1], A, why="a step and a negative index"),
    case(lambda a: a[..., 1:, None], A, why="ellipsis and new axis"),
]
