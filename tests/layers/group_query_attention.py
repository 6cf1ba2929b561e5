L = keras.layers
Q = L.GroupQueryAttention
QV = [(2, 5, 6), (2, 7, 6)]
MASKED = np.where(np.arange(60).reshape(2, 5, 6) % 30 < 12, 0.0, 0.1)
CASES = [
    case(lambda q, v: Q(3, 4, 2)(q, v), QV),
    case(lambda q, k: Q(3, 4, 1)(q, k, k), QV, why="one head of keys and values, and a key"),
    case(lambda x: Q(3, 2, 2)(x, x), (2, 5, 6), why="as many heads of each: multi-head attention"),
    case(lambda x: Q(3, 4, 2, use_bias=False)(x, x), (2, 5, 6), why="no bias"),
    case(lambda x: Q(3, 4, 2, dropout=0.2)(x, x, use_causal_mask=True), (2, 5, 6), why="causal, not fused"),
    case(lambda x: Q(3, 4, 2)(x, x, use_causal_mask=True), (2, 5, 6), declared=(None, None, 6), why="causal, any length"),
    case(lambda x: Q(3, 4, 2)(x, x, return_attention_scores=True), (2, 5, 6), why="the scores, too"),
    case(lambda x: Q(3, 4, 2, use_gate=True)(x, x), (2, 5, 6), why="a gate on what the heads give"),
    case(lambda x: Q(3, 4, 2, sliding_window=2)(x, x), (2, 5, 6), why="neighbours only"),
    case(lambda x, m: Q(3, 4, 2)(x, x, attention_mask=m > 0), [(2, 5, 6), (2, 5, 5)], why="a given mask"),
    case(lambda x: Q(3, 4, 2)(L.Masking()(x), L.Masking()(x)), (2, 5, 6), inputs=[MASKED], why="masks of the inputs"),
]
REJECTED = [
    reject({"num_query_heads": 0}, "bad_config"),
    reject({"num_key_value_heads": 3}, "bad_config"),
    reject({"sliding_window": 0}, "bad_config"),
]
