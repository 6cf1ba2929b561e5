L = keras.layers
T = L.TimeDistributed
CASES = [
    case(T(L.Dense(4)), (2, 5, 3)),
    case(T(L.Conv2D(2, 3)), (2, 3, 5, 6, 2), why="images over time"),
    case(T(L.Dense(4)), (2, 5, 3), declared=(None, None, 3), why="unknown length"),
    case(T(L.Flatten()), (2, 5, 3, 2), why="rank falls"),
    case(
        lambda x: L.Dense(2)(T(L.GlobalMaxPooling1D())(x)),
        (2, 3, 4, 5),
        declared=(None, None, 4, 5),
        why="unknown length, then dense",
    ),
    case(T(L.LSTM(3)), (2, 3, 4, 5), why="a recurrent layer inside"),
    case(T(L.BatchNormalization()), (2, 5, 3), why="batch normalisation"),
    case(
        lambda x: L.LSTM(3)(T(L.Dense(4))(L.Masking()(x))),
        (2, 5, 3),
        inputs=[np.where(np.arange(30).reshape(2, 5, 3) % 15 < 6, 0.0, 0.3)],
        why="the mask goes on",
    ),
]
REJECTED = [reject({"layer": None}, "bad_config")]
