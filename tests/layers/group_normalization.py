L = keras.layers
CASES = [
    case(L.GroupNormalization(groups=3), (2, 4, 5, 6)),
    case(L.GroupNormalization(groups=6), (2, 4, 5, 6), why="as many groups as channels"),
    case(L.GroupNormalization(groups=-1), (2, 4, 5, 6), why="-1: instance normalisation"),
    case(L.GroupNormalization(groups=1, epsilon=0.5), (2, 4, 5, 6), why="one group, epsilon that matters"),
    case(L.GroupNormalization(groups=2, center=False), (2, 4, 5, 6), why="no beta"),
    case(L.GroupNormalization(groups=2, scale=False), (2, 4, 5, 6), why="no gamma"),
    case(L.GroupNormalization(groups=2, axis=1), (2, 4, 5, 6), why="channels_first"),
    case(L.GroupNormalization(groups=5, axis=2), (2, 4, 5, 6), why="axis in the middle"),
    case(L.GroupNormalization(groups=2), (2, 6), why="no pixels"),
    case(L.GroupNormalization(groups=2), (2, 3, 38), why="sequence, 19 channels a group"),
]
REJECTED = [
    reject({"groups": 4}, "bad_config"),
    reject({"groups": 0}, "bad_config"),
    reject({"groups": 12}, "bad_config"),
    reject({"axis": 9}, "bad_config"),
]
