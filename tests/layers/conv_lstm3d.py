L = keras.layers
X = (2, 3, 3, 4, 3, 2)
CASES = [
    case(L.ConvLSTM3D(2, 2), X),
    case(L.ConvLSTM3D(2, (1, 2, 2), padding="same", return_sequences=True), X, why="every step"),
    case(L.ConvLSTM3D(2, 2, strides=(1, 2, 1), return_state=True), X, why="both states"),
]
REJECTED = [reject({"kernel_size": []}, "bad_config"), reject({"filters": 1.5}, "bad_config")]
