L = keras.layers
S = L.SpectralNormalization
CASES = [
    case(S(L.Dense(3)), (2, 4)),
    case(S(L.Conv2D(3, 2), power_iterations=3), (2, 5, 4, 2), why="more iterations"),
    case(S(L.Embedding(7, 4)), (2, 5), dtype="int32", high=7, why="of an embedding, cut to integers again"),
    case(lambda x: L.LSTM(2)(S(L.Dense(3))(L.Masking()(x))), (2, 4, 3), why="the mask"),
]
REJECTED = [
    reject({"power_iterations": 0}, "bad_config"),
    reject({"layer": {"class_name": "Flatten", "config": {}, "module": "keras.layers"}}, "bad_config"),
    reject({"layer": None}, "bad_config"),
]
