raw = tf.raw_ops
S = np.array([3, 4], np.int32)
CASES = [case(f, *v, compare="type") for f, v in [
    (lambda s: tf.compat.v1.random_uniform(s), [S]),
    (lambda s: tf.compat.v1.random_normal(s, seed=3, dtype=tf.float64), [S]),
    (lambda s: tf.compat.v1.truncated_normal(s), [S]),
    (lambda s: raw.RandomUniformInt(shape=s, minval=np.int64(2), maxval=np.int64(9)), [S]),
    (lambda s: tf.random.stateless_uniform(s, [1, 2]), [S]),
    (lambda s: tf.random.stateless_normal(s, [1, 2], alg="philox"), [S]),
    (lambda s: raw.StatelessRandomNormalV2(shape=s, key=raw.StatelessRandomGetKeyCounterAlg(seed=[1, 2]).key, counter=[3, 4],
                                           alg=raw.StatelessRandomGetAlg()), [S]),
    (lambda s: raw.StatelessRandomNormal(shape=s, seed=[1, 2]), [S]),
    (lambda s: raw.StatelessTruncatedNormal(shape=s, seed=[1, 2]), [S]),
    (lambda s: raw.StatelessRandomUniformInt(shape=s, seed=[1, 2], minval=0, maxval=5), [S]),
    (lambda s, a: raw.RandomGamma(shape=s, alpha=a), [S, np.array([1.0, 2.0], np.float32)]),
    (lambda s, a: raw.RandomPoissonV2(shape=s, rate=a, dtype=tf.int32), [S, np.array([1.0, 2.0], np.float64)]),
    (lambda x: raw.Multinomial(logits=x, num_samples=5), [np.zeros((2, 3), np.float32)]),
    (lambda x: tf.random.shuffle(x), [np.arange(6).reshape(3, 2)]),
]]
