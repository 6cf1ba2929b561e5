L = keras.layers
D = L.Discretization
EDGES = [-0.5, 0.0, 1.0]
X = (2, 5)
ADAPTED = D(num_bins=4)
ADAPTED.adapt(np.linspace(-2, 2, 100).reshape(50, 2))
CASES = [
    case(D(EDGES), X),
    case(D(EDGES), X, inputs=[[[-0.5, 0.0, 1.0, -1.0, 2.0]] * 2], why="a boundary belongs to the bin above"),
    case(D(EDGES, output_mode="one_hot"), (2, 1), why="one-hot"),
    case(D(EDGES, output_mode="multi_hot"), X, why="multi-hot"),
    case(D(EDGES, output_mode="count"), X, why="counts"),
    case(D([0, 2]), X, dtype="int32", low=-4, why="integers"),
    case(ADAPTED, X, why="boundaries that were adapted"),
]
REJECTED = [
    reject({"bin_boundaries": None}, "bad_config"),
    reject({"bin_boundaries": "many"}, "bad_config"),
    reject({"output_mode": "bits"}, "bad_config"),
]
