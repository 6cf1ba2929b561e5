L = keras.layers
CASES = [
    case(L.RNN(L.LSTMCell(3), return_sequences=True), (2, 5, 4)),
    case(L.RNN(L.LSTMCell(17, use_bias=False, activation="relu")), (2, 3, 4), why="another activation, no bias"),
]
