L = keras.layers
CASES = [
    case(L.RNN(L.GRUCell(3), return_sequences=True), (2, 5, 4)),
    case(L.RNN(L.GRUCell(17, reset_after=False, use_bias=False)), (2, 3, 4), why="reset before, no bias"),
]
