L = keras.layers
CASES = [
    case(L.LeakyReLU(), (2, 37), why="slope 0.3"),
    case(L.LeakyReLU(negative_slope=0.0), (2, 4, 4, 2), why="slope 0 is relu"),
    case(L.LeakyReLU(negative_slope=0.01), (2, 4, 4, 2), why="small slope"),
    case(L.LeakyReLU(negative_slope=1.5), (2, 4, 4, 2), why="slope above 1: not the larger of x and slope * x"),
    case(L.LeakyReLU(dtype="float64"), (2, 5), dtype="float64"),
]
REJECTED = [reject({"negative_slope": -1.0}, "bad_config"), reject({"negative_slope": None}, "bad_config")]
