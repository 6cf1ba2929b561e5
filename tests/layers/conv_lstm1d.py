L = keras.layers
X = (2, 4, 6, 3)
CASES = [
    case(L.ConvLSTM1D(4, 3), X),
    case(L.ConvLSTM1D(4, 2, padding="same", return_sequences=True), X, why="every step"),
    case(L.ConvLSTM1D(4, 3, strides=2, return_state=True), X, why="both states"),
    case(L.ConvLSTM1D(4, 2, dilation_rate=2, go_backwards=True), X, why="dilation, from the end"),
    case(L.ConvLSTM1D(4, 3, data_format="channels_first", return_sequences=True), (2, 4, 3, 6), why="channels first"),
    case(lambda x: L.ConvLSTM1D(2, 3)(L.ConvLSTM1D(4, 3, return_sequences=True)(x)), X, why="on each other"),
]
REJECTED = [
    reject({"filters": 0}, "bad_config"),
    reject({"strides": 0}, "bad_config"),
    reject({"strides": 2, "dilation_rate": 2}, "bad_config"),
]
