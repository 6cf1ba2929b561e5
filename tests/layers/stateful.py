# Layers that begin where the batch before ended: three batches of two rows.
rnn = keras.layers
kept = {"shapes": (6, 4, 3), "declared": (2, 4, 3)}
images = {"shapes": (6, 3, 4, 5, 2), "declared": (2, 3, 4, 5, 2)}
CASES = [
    case(rnn.SimpleRNN(3, stateful=True), **kept),
    case(rnn.LSTM(3, stateful=True, return_sequences=True, return_state=True), **kept),
    case(rnn.GRU(3, stateful=True, go_backwards=True), **kept),
    case(rnn.GRU(2, stateful=True, reset_after=False, unroll=True), **kept),
    case(rnn.RNN(rnn.LSTMCell(3), stateful=True), **kept),
    case(rnn.RNN([rnn.GRUCell(3), rnn.LSTMCell(2)], stateful=True, return_sequences=True), **kept),
    case(rnn.Bidirectional(rnn.LSTM(2, stateful=True, return_sequences=True), merge_mode="sum"), **kept),
    case(rnn.Bidirectional(rnn.GRU(2, stateful=True)), **kept, why="each direction keeps its own state"),
    case(lambda x: rnn.LSTM(3, stateful=True)(rnn.Masking()(x)), why="a masked step keeps the state",
         inputs=np.where(np.arange(4)[:, None] % 2 == 0, 0.0, np.linspace(-1, 1, 72).reshape(6, 4, 3)), **kept),
    case(lambda x: (shared := rnn.SimpleRNN(3, stateful=True, return_sequences=True))(shared(x)), why="the second call begins where the first ended", **kept),
    case(rnn.ConvLSTM2D(2, 2, stateful=True), **images),
    case(rnn.ConvLSTM2D(2, 2, stateful=True, padding="same", strides=2, return_sequences=True), **images),
    case(lambda x: rnn.LSTM(2, stateful=True)(rnn.GRU(3, stateful=True, return_sequences=True)(x)), **kept),
]
REJECTED = [reject({"stateful": "yes"}, "bad_config", of=1)]
