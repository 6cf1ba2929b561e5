L = keras.layers
X = (2, 3, 5, 4, 3)
CASES = [
    case(L.ConvLSTM2D(4, 3), X, why="recurrent_activation is Keras 2's hard_sigmoid"),
    case(L.ConvLSTM2D(4, 3, padding="same", return_sequences=True, return_state=True), X, why="every step and states"),
    case(L.ConvLSTM1D(4, 3, go_backwards=True), (2, 4, 6, 3), why="one axis"),
    case(L.ConvLSTM3D(2, 2), (2, 3, 3, 4, 3, 2), why="three axes"),
    case(lambda x: L.Bidirectional(L.ConvLSTM2D(3, 3, return_sequences=True))(x), X, why="both directions"),
]
