# Stateful layers of Keras 2: three batches of two rows.
rnn = keras.layers
kept = {"shapes": (6, 4, 3), "declared": (2, 4, 3)}
CASES = [
    case(rnn.SimpleRNN(3, stateful=True), **kept),
    case(rnn.LSTM(3, stateful=True, return_sequences=True), **kept),
    case(rnn.GRU(3, stateful=True, reset_after=False, recurrent_activation="hard_sigmoid"), **kept),
    case(rnn.Bidirectional(rnn.LSTM(2, stateful=True)), **kept),
    case(rnn.ConvLSTM2D(2, 2, stateful=True), (6, 3, 4, 5, 2), declared=(2, 3, 4, 5, 2)),
]
