L = keras.layers
X = (2, 5, 3)
STEPS = np.sin(np.arange(30.0)).reshape(2, 5, 3)
STEPS[0, 3:] = 0.0
STEPS[1, 1] = 0.0
CASES = [
    case(L.SimpleRNN(4), X),
    case(L.SimpleRNN(37, return_sequences=True), (2, 5, 3), why="every step; more units than a vector"),
    case(L.SimpleRNN(4, return_state=True), X, why="the state"),
    case(L.SimpleRNN(4, return_sequences=True, return_state=True), X, why="every step and the state"),
    case(L.SimpleRNN(4, go_backwards=True, return_sequences=True), X, why="from the end"),
    case(L.SimpleRNN(4, use_bias=False), X, why="no bias"),
    case(L.SimpleRNN(4, activation="relu"), X, why="other activations"),
    case(L.SimpleRNN(4, activation="softsign"), X, why="still other activations"),
    case(L.SimpleRNN(4, unroll=True, dropout=0.5, recurrent_dropout=0.2), X, why="unroll and dropout change nothing"),
    case(L.SimpleRNN(4, return_sequences=True), (2, 5, 3), declared=(None, None, 3), why="unknown length"),
    case(lambda x: L.SimpleRNN(4, return_sequences=True)(L.Masking()(x)), X, inputs=[STEPS], why="masked steps repeat the output"),
    case(lambda x: L.SimpleRNN(4)(L.Masking()(x)), X, inputs=[STEPS], why="masked steps keep the state"),
    case(lambda x: L.SimpleRNN(4, go_backwards=True)(L.Masking()(x)), X, inputs=[STEPS], why="masked, from the end"),
    case(
        lambda x: L.SimpleRNN(2)(L.SimpleRNN(4, return_sequences=True)(L.Masking()(x))), X, inputs=[STEPS], why="the mask goes on"
    ),
    case(L.SimpleRNN(4), (2, 1, 3), why="one step"),
    case(lambda x, h: L.SimpleRNN(4)(x, initial_state=h), [X, (2, 4)], why="initial state"),
]
REJECTED = [
    reject({"units": 0}, "bad_config"),
    reject({"activation": "no_such_function"}, "bad_config"),
]
