L = keras.layers
X = (2, 3, 5, 4, 3)
STATE = (2, 3, 2, 4)
CASES = [
    case(L.ConvLSTM2D(4, 3), X),
    case(L.ConvLSTM2D(4, (2, 3), return_sequences=True), X, why="every step"),
    case(L.ConvLSTM2D(4, 3, return_state=True), X, why="both states"),
    case(L.ConvLSTM2D(3, 3, padding="same", return_sequences=True, return_state=True), X, why="same padding"),
    case(L.ConvLSTM2D(3, 3, strides=2, padding="same"), X, why="strides"),
    case(L.ConvLSTM2D(3, (2, 3), strides=(2, 1)), X, why="a stride for each axis"),
    case(L.ConvLSTM2D(3, 2, dilation_rate=2), X, why="dilation of the input's convolution only"),
    case(L.ConvLSTM2D(4, 3, go_backwards=True, return_sequences=True), X, why="from the end"),
    case(L.ConvLSTM2D(4, 3, use_bias=False), X, why="no bias"),
    case(L.ConvLSTM2D(4, 3, activation="relu", recurrent_activation="hard_sigmoid"), X, why="other activations"),
    case(L.ConvLSTM2D(4, 3, dropout=0.5, recurrent_dropout=0.2, unroll=True), X, why="dropout changes nothing"),
    case(L.ConvLSTM2D(4, 3, return_sequences=True), X, declared=(None, None, 5, 4, 3), why="unknown length"),
    case(L.ConvLSTM2D(4, 3, data_format="channels_first", return_sequences=True), (2, 3, 3, 5, 4), why="channels first"),
    case(L.ConvLSTM2D(4, 3, data_format="channels_first"), (2, 3, 3, 5, 4), why="channels first, last step"),
    case(lambda x, h, c: L.ConvLSTM2D(4, 3)(x, initial_state=[h, c]), [X, STATE, STATE], why="initial states"),
    case(L.ConvLSTM2D(4, 3, kernel_initializer="ones", unit_forget_bias=False), (2, 1, 3, 3, 1), why="one step"),
]
REJECTED = [
    reject({"filters": 0}, "bad_config"),
    reject({"kernel_size": [3, 3, 3]}, "bad_config"),
    reject({"recurrent_activation": "no_such_function"}, "bad_config"),
    reject({"padding": "causal"}, "bad_config"),
    reject({"no_such_key": 1}, "bad_config"),
]
