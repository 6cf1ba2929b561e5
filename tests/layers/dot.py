L = keras.layers
CASES = [
    case(L.Dot(axes=1), [(2, 7), (2, 7)], why="vectors"),
    case(L.Dot(axes=1, normalize=True), [(2, 7), (2, 7)], why="cosine"),
    case(L.Dot(axes=(1, 2)), [(2, 3, 4), (2, 5, 3)], why="matrices, different axes"),
    case(L.Dot(axes=2), [(2, 3, 4), (2, 5, 4)], why="matrices, last axes"),
    case(L.Dot(axes=-1), [(2, 3, 4), (2, 5, 4)], why="negative axis"),
    case(L.Dot(axes=(2, 1)), [(2, 3, 4), (2, 4, 5)], why="matrix product"),
    case(L.Dot(axes=(2, 1)), [(2, 3, 4), (2, 4)], why="matrix and vector"),
    case(L.Dot(axes=(1, 2), normalize=True), [(2, 3, 4), (2, 5, 3)], why="matrices, cosine"),
    case(L.Dot(axes=2), [(2, 19, 37), (2, 17, 37)], why="primes larger than a vector"),
]
REJECTED = [
    reject({"axes": 2}, "bad_config"),
    reject({"axes": [1, 1, 1]}, "bad_config"),
    reject({"axes": "last"}, "bad_config"),
]
