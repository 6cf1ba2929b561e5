L = keras.layers
X = (2, 5, 3)
STEPS = np.sin(np.arange(30.0)).reshape(2, 5, 3)
STEPS[0, 3:] = 0.0
STEPS[1, 1] = 0.0
CASES = [
    case(L.LSTM(4), X),
    case(L.LSTM(37, return_sequences=True), (2, 5, 3), why="every step; more units than a vector"),
    case(L.LSTM(4, return_state=True), X, why="both states"),
    case(L.LSTM(4, return_sequences=True, return_state=True), X, why="every step and both states"),
    case(L.LSTM(4, go_backwards=True, return_sequences=True), X, why="from the end"),
    case(L.LSTM(4, use_bias=False), X, why="no bias"),
    case(L.LSTM(4, activation="relu", recurrent_activation="hard_sigmoid"), X, why="other activations"),
    case(L.LSTM(4, activation="softsign", recurrent_activation="tanh"), X, why="still other activations"),
    case(L.LSTM(4, unroll=True, dropout=0.5, recurrent_dropout=0.2), X, why="unroll and dropout change nothing"),
    case(L.LSTM(4, return_sequences=True), (2, 5, 3), declared=(None, None, 3), why="unknown length"),
    case(lambda x, h, c: L.LSTM(4)(x, initial_state=[h, c]), [X, (2, 4), (2, 4)], why="initial states"),
    case(lambda x: L.LSTM(4, return_sequences=True)(L.Masking()(x)), X, inputs=[STEPS], why="masked steps repeat the output"),
    case(lambda x: L.LSTM(4)(L.Masking()(x)), X, inputs=[STEPS], why="masked steps keep the state"),
    case(lambda x: L.LSTM(4, go_backwards=True)(L.Masking()(x)), X, inputs=[STEPS], why="masked, from the end"),
    case(lambda x: L.LSTM(2)(L.LSTM(4, return_sequences=True)(L.Masking()(x))), X, inputs=[STEPS], why="the mask goes on"),
    case(L.LSTM(4), (2, 1, 3), why="one step"),
]
REJECTED = [
    reject({"units": 0}, "bad_config"),
    reject({"activation": "no_such_function"}, "bad_config"),
]
