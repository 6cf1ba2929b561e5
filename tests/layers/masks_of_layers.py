# What every layer makes of a mask: the average over time leaves masked steps out, so its answer tells the mask.
L = keras.layers
rng = np.random.default_rng(11)
A = rng.normal(0.0, 1.0, (2, 5, 3))
A[0, 3:] = 0.0
A[1, 1] = 0.0
B = rng.normal(0.0, 1.0, (2, 5, 3))
B[0, 4:] = 0.0
B[1, :2] = 0.0
IDS = [[3, 1, 0, 2, 0], [0, 0, 1, 4, 2]]
PAIR = {"shapes": [(2, 5, 3), (2, 5, 3)], "inputs": [A, B]}


def mean(x):
    return L.GlobalAveragePooling1D()(x)


def through(why, layer):
    return case(lambda x: mean(layer(L.Masking()(x))), (2, 5, 3), inputs=[A], why=why)


def nested(*layers):
    x = keras.Input((5, 3))
    y = x
    for layer in layers:
        y = layer(y)
    return keras.Model(x, y)


def pair(why, layer):
    return case(lambda a, b: mean(layer(L.Masking()(a), L.Masking()(b))), why=why, **PAIR)


CASES = [
    through("ELU", L.ELU()),
    through("Rescaling", L.Rescaling(2.0, offset=1.0)),
    through("Normalization", L.Normalization(mean=0.5, variance=2.0)),
    through("UnitNormalization", L.UnitNormalization()),
    through("GroupNormalization", L.GroupNormalization(1)),
    through("RMSNormalization", L.RMSNormalization()),
    through("AlphaDropout", L.AlphaDropout(0.5)),
    through("GaussianDropout", L.GaussianDropout(0.5)),
    through("ActivityRegularization", L.ActivityRegularization(0.1)),
    through("SimpleRNN", L.SimpleRNN(3, return_sequences=True)),
    through("GRU", L.GRU(3, return_sequences=True)),
    through("RNN of stacked cells", L.RNN([L.LSTMCell(2), L.GRUCell(3)], return_sequences=True)),
    through("Bidirectional", L.Bidirectional(L.LSTM(2, return_sequences=True))),
    through("Bidirectional that adds", L.Bidirectional(L.GRU(2, return_sequences=True), merge_mode="sum")),
    through("TimeDistributed", L.TimeDistributed(L.Dense(2))),
    through("SpectralNormalization", L.SpectralNormalization(L.Dense(2))),
    through("MaxPooling1D", L.MaxPooling1D(1)),
    through("AveragePooling1D", L.AveragePooling1D(1)),
    through("ZeroPadding1D", L.ZeroPadding1D(1)),
    through("Cropping1D", L.Cropping1D(1)),
    through("UpSampling1D", L.UpSampling1D(2)),
    through("Reshape", L.Reshape((5, 3))),
    through("Permute", L.Permute((1, 2))),
    through("SeparableConv1D", L.SeparableConv1D(2, 1)),
    through("DepthwiseConv1D", L.DepthwiseConv1D(1)),
    through("Conv1DTranspose", L.Conv1DTranspose(2, 1)),
    through("an operator", lambda x: x * 2.0),
    through("a slice", lambda x: x[:, :, :2]),
    through("a function of keras.ops", keras.ops.tanh),
    through("a model inside", nested(L.Dense(2), L.Dropout(0.5))),
    through("a model inside that loses the mask", nested(L.Conv1D(2, 1))),
    through("a Sequential inside", keras.Sequential([L.Dense(2), L.Activation("relu")])),
    through("layers one after the other", lambda x: L.Dense(2)(L.LSTM(3, return_sequences=True)(L.Dropout(0.1)(x)))),
    case(lambda x: L.RepeatVector(4)(L.LSTM(3)(L.Masking()(x))), (2, 5, 3), inputs=[A], why="RepeatVector"),
    case(lambda x: L.Flatten()(L.Masking()(x)), (2, 5, 3), inputs=[A], why="Flatten"),
    case(lambda x: L.GlobalMaxPooling1D()(L.Masking()(x)), (2, 5, 3), inputs=[A], why="GlobalMaxPooling1D"),
    case(lambda x: mean(L.ReversibleEmbedding(5, 3, mask_zero=True)(x)), (2, 5), dtype="int32", inputs=[IDS], why="ReversibleEmbedding"),
    pair("Attention", lambda a, b: L.Attention()([a, b])),
    pair("Attention with three inputs", lambda a, b: L.Attention()([a, b, b])),
    pair("AdditiveAttention", lambda a, b: L.AdditiveAttention()([a, b])),
    pair("MultiHeadAttention", lambda a, b: L.MultiHeadAttention(2, 3)(a, b)),
    pair("MultiHeadAttention to itself, causal", lambda a, b: L.MultiHeadAttention(2, 3)(a, a, use_causal_mask=True)),
    pair("GroupQueryAttention", lambda a, b: L.GroupQueryAttention(3, 2, 1)(a, b)),
    pair("Dot", lambda a, b: L.Dot(axes=2)([a, b])),
    pair("a sum by an operator", lambda a, b: a + b),
    case(lambda x: L.ConvLSTM1D(2, 1)(L.TimeDistributed(L.Reshape((3, 1)))(L.Masking()(x))), (2, 5, 3), inputs=[A], why="ConvLSTM1D"),
]  # fmt: skip
