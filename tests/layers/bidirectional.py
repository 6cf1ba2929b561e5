L = keras.layers
B = L.Bidirectional
X = (2, 5, 3)
STEPS = np.sin(np.arange(30.0)).reshape(2, 5, 3)
STEPS[0, 3:] = 0.0
STEPS[1, 1] = 0.0
CASES = [
    case(B(L.LSTM(4)), X),
    case(B(L.LSTM(4, return_sequences=True)), X, why="every step"),
    case(B(L.GRU(4, return_sequences=True), merge_mode="sum"), X, why="sum"),
    case(B(L.GRU(4), merge_mode="mul"), X, why="product"),
    case(B(L.SimpleRNN(4, return_sequences=True), merge_mode="ave"), X, why="mean"),
    case(B(L.LSTM(4, return_sequences=True), merge_mode=None), X, why="both outputs"),
    case(B(L.LSTM(4, return_state=True)), X, why="all states"),
    case(B(L.LSTM(4), backward_layer=L.LSTM(4, go_backwards=True, activation="relu")), X, why="a backward layer of its own"),
    case(lambda x: B(L.LSTM(4, return_sequences=True))(L.Masking()(x)), X, inputs=[STEPS], why="masked steps are zero"),
    case(lambda x: B(L.GRU(4))(L.Masking()(x)), X, inputs=[STEPS], why="masked, last output"),
    case(lambda x: L.LSTM(2)(B(L.LSTM(4, return_sequences=True))(L.Masking()(x))), X, inputs=[STEPS], why="the mask goes on"),
]
REJECTED = [reject({"merge_mode": "max"}, "bad_config"), reject({"layer": 3}, "bad_config")]
