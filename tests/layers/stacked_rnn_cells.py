L = keras.layers
CASES = [
    case(L.RNN(L.StackedRNNCells([L.LSTMCell(3), L.GRUCell(4)]), return_sequences=True), (2, 5, 4), why="two kinds of cell"),
    case(L.RNN([L.SimpleRNNCell(3), L.SimpleRNNCell(2)]), (2, 3, 4), why="a list of cells"),
]
