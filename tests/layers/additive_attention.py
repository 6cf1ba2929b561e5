L = keras.layers
QV = [(2, 5, 6), (2, 7, 6)]
STEPS = np.where(np.arange(60).reshape(2, 5, 6) % 30 < 12, 0.0, 0.1 * np.cos(np.arange(60)).reshape(2, 5, 6))
CASES = [
    case(L.AdditiveAttention(), QV),
    case(L.AdditiveAttention(use_scale=False), QV, why="no factors"),
    case(L.AdditiveAttention(), [(2, 5, 6), (2, 7, 3), (2, 7, 6)], why="a key, values of another size"),
    case(lambda q, v: L.AdditiveAttention()([q, v], use_causal_mask=True), [(2, 5, 6), (2, 5, 6)], why="causal mask"),
    case(lambda q: L.AdditiveAttention()([L.Masking()(q), L.Masking()(q)]), (2, 5, 6), inputs=[STEPS], why="masks of both inputs"),
]
REJECTED = [reject({"dropout": "some"}, "bad_config")]
