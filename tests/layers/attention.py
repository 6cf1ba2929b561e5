L = keras.layers
QV = [(2, 5, 6), (2, 7, 6)]
QVK = [(2, 5, 6), (2, 7, 3), (2, 7, 6)]
STEPS = np.where(np.arange(60).reshape(2, 5, 6) % 30 < 12, 0.0, 0.1 * np.cos(np.arange(60)).reshape(2, 5, 6))
CASES = [
    case(L.Attention(), QV),
    case(L.Attention(use_scale=True), QV, why="a learned factor"),
    case(L.Attention(), QVK, why="a key, values of another size"),
    case(L.Attention(score_mode="concat"), QV, why="tanh sums"),
    case(L.Attention(score_mode="concat", use_scale=True), QV, why="tanh sums with a factor"),
    case(L.Attention(dropout=0.3), QV, why="dropout does nothing when predicting"),
    case(lambda q, v: L.Attention()([q, v], use_causal_mask=True), [(2, 5, 6), (2, 5, 6)], why="causal mask"),
    case(lambda q, v: L.Attention()([q, v], return_attention_scores=True), QV, why="the scores, too"),
    case(lambda q: L.Attention()([L.Masking()(q), L.Masking()(q)]), (2, 5, 6), inputs=[STEPS], why="masks of both inputs"),
]
REJECTED = [reject({"score_mode": "sum"}, "bad_config")]
