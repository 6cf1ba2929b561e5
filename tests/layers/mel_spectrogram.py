M = keras.layers.MelSpectrogram
X = (2, 200)
S = {"fft_length": 32, "sequence_stride": 16, "sampling_rate": 1000, "num_mel_bins": 6}
CASES = [
    case(M(**S), X),
    case(M(**S, sequence_length=20, window="hamming"), X, why="shorter frames"),
    case(M(**S, power_to_db=False, mag_exp=1.0), X, why="no decibels"),
    case(M(**S, min_freq=50.0, max_freq=300.0, top_db=20.0, ref_power=2.0), X, why="bands, quiet ones raised"),
]
REJECTED = [reject({"window": "kaiser"}, "bad_config"), reject({"sequence_length": 64}, "bad_config")]
