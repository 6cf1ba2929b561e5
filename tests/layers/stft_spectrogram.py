S = keras.layers.STFTSpectrogram
X = (2, 40, 2)
CASES = [
    case(S(frame_length=8), X),
    case(S("magnitude", 8, 4, 16), X, why="magnitude, longer transform"),
    case(S("psd", 8, 3, padding="same"), X, why="power, same padding"),
    case(S("stft", 8, 4, expand_dims=True), X, why="both parts, own axis"),
    case(S("angle", 8, 4, window="hamming"), X, tol=1e-4, why="angle: near the turn of pi"),
    case(S("real", 8, 4), X, declared=(None, None, 2), why="one kernel, unknown length"),
    case(S("imag", 8, 4, data_format="channels_first"), (2, 2, 40), why="channels first"),
    case(S("magnitude", 8, 4, data_format="channels_first", expand_dims=True), (2, 2, 40), why="channels first, own axis"),
]
REJECTED = [
    reject({"mode": "power"}, "bad_config"),
    reject({"frame_step": 9}, "bad_config"),
    reject({"fft_length": 4}, "bad_config"),
]
