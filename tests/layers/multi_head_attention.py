L = keras.layers
M = L.MultiHeadAttention
QV = [(2, 5, 6), (2, 7, 6)]
MASK = np.array([[[1, 1, 0, 1, 1], [1, 1, 1, 1, 0], [0, 1, 1, 1, 1]]] * 2, "bool")
CASES = [
    case(lambda q, v: M(2, 4)(q, v), QV),
    case(lambda q, v: M(3, 2, value_dim=5)(q, v), QV, why="values of another size"),
    case(lambda x: M(2, 4)(x, x), (2, 5, 6), why="self-attention"),
    case(lambda q, k: M(2, 4)(q, k, k), QV, why="a key"),
    case(lambda x: M(2, 4, use_bias=False)(x, x), (2, 5, 6), why="no bias"),
    case(lambda x: M(2, 4, output_shape=3)(x, x), (2, 5, 6), why="another output size"),
    case(lambda x: M(2, 4, dropout=0.2)(x, x), (2, 5, 6), why="dropout does nothing when predicting"),
    case(lambda x: M(2, 4)(x, x, use_causal_mask=True), (2, 5, 6), why="causal mask"),
    case(lambda x: M(2, 4)(x, x, use_causal_mask=True), (2, 5, 6), declared=(None, None, 6), why="causal, unknown length"),
    case(lambda x: M(2, 4)(x, x, return_attention_scores=True), (2, 5, 6), why="the scores, too"),
    case(lambda x: M(2, 4, use_gate=True)(x, x), (2, 5, 6), why="a gate on what the heads give"),
    case(lambda x: M(2, 4, sliding_window=2)(x, x, use_causal_mask=True), (2, 5, 6), why="one neighbour before"),
    case(lambda x, m: M(2, 4)(x, x, attention_mask=m > 0), [(2, 5, 6), (2, 5, 5)], why="a mask for each query and key"),
    case(lambda x: M(2, 4, attention_axes=(1,))(x, x), (2, 3, 4, 6), why="attention along one of two axes"),
    case(lambda x: M(2, 4)(x, x), (2, 3, 4, 6), why="attention along two axes"),
    case(
        lambda x: M(2, 4)(L.Masking()(x), L.Masking()(x)),
        (2, 5, 6),
        inputs=[np.where(np.arange(60).reshape(2, 5, 6) % 30 < 12, 0.0, 0.1)],
        why="masks of the inputs",
    ),
]
REJECTED = [reject({"num_heads": 0}, "bad_config"), reject({"key_dim": -1}, "bad_config")]
