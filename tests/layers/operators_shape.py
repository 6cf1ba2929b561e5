# keras.ops that move, join or repeat values, as layers of a functional model.
o = keras.ops
A = (2, 3, 4)
AB = [(2, 3, 4), (2, 3, 4)]
CASES = [
    case(lambda a: o.reshape(a, (-1, 6, 2)), A, why="reshape"),
    case(lambda a: o.reshape(a, (2, 12)), A, declared=(2, 3, 4), why="reshape with a fixed batch"),
    case(lambda a: o.transpose(a, (0, 2, 1)), A, why="transpose"),
    case(lambda a: o.transpose(a), A, why="transpose, reversed"),
    case(lambda a: o.swapaxes(a, 1, -1), A, why="swapaxes"),
    case(lambda a: o.moveaxis(a, 1, 2), A, why="moveaxis"),
    case(lambda a: o.expand_dims(a, 1), A, why="expand_dims"),
    case(lambda a: o.expand_dims(a, -1), A, why="expand_dims, last"),
    case(lambda a: o.squeeze(o.expand_dims(a, 2), 2), A, why="squeeze"),
    case(lambda a, b: o.concatenate([a, b], axis=1), AB, why="concatenate"),
    case(lambda a, b: o.stack([a, b], axis=1), AB, why="stack"),
    case(lambda a: o.split(a, 2, axis=-1), A, why="split into two"),
    case(lambda a: o.split(a, [1, 3], axis=-1), A, why="split at indices"),
    case(lambda a: o.unstack(a, axis=1), A, why="unstack"),
    case(lambda a: o.broadcast_to(a[:, :1], (2, 3, 4)), A, declared=(2, 3, 4), why="broadcast_to"),
    case(lambda a: o.tile(a, (1, 2, 1)), A, why="tile"),
    case(lambda a: o.repeat(a, 2, axis=1), A, why="repeat"),
    case(lambda a: o.flip(a, axis=1), A, why="flip"),
    case(lambda a: o.flip(a), A, why="flip every axis"),
    case(lambda a: o.roll(a, 1, axis=2), A, why="roll"),
    case(lambda a: o.pad(a, ((0, 0), (1, 2), (0, 1))), A, why="pad with zeros"),
    case(lambda a: o.pad(a, ((0, 0), (1, 1), (2, 0)), mode="reflect"), A, why="pad by reflection"),
    case(lambda a: o.pad(a, ((0, 0), (1, 0), (0, 0)), constant_values=1.5), A, why="pad with a number"),
    case(lambda a: o.take(a, [2, 0], axis=1), A, why="take"),
    case(lambda a: o.ravel(a), A, why="ravel"),
    case(lambda a: o.diagonal(a, axis1=1, axis2=2), A, why="diagonal"),
    case(lambda a: o.tril(a), A, why="tril"),
    case(lambda a: o.triu(a, k=1), A, why="triu"),
]
