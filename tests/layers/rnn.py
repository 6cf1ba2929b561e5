L = keras.layers
X = (2, 5, 3)
STEPS = np.sin(np.arange(30.0)).reshape(2, 5, 3)
STEPS[0, 3:] = 0.0
STEPS[1, 1] = 0.0
CASES = [
    case(L.RNN(L.LSTMCell(4)), X),
    case(L.RNN(L.GRUCell(4), return_sequences=True), X, why="every step"),
    case(L.RNN(L.SimpleRNNCell(4), return_state=True), X, why="the state"),
    case(L.RNN([L.LSTMCell(4), L.GRUCell(2)], return_sequences=True), X, why="two cells"),
    case(L.RNN([L.GRUCell(4), L.GRUCell(4)]), X, why="two cells of one class"),
    case(L.RNN([L.LSTMCell(4), L.SimpleRNNCell(2)], go_backwards=True), X, why="two cells, from the end"),
    case(lambda x: L.RNN([L.LSTMCell(4), L.GRUCell(2)])(L.Masking()(x)), X, inputs=[STEPS], why="two cells, masked"),
]
REJECTED = [reject({"cell": None}, "bad_config")]
