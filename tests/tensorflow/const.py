CASES = [case(lambda x, value=value: (x, tf.constant(value)), (1,)) for value in [
    np.arange(6, dtype=np.float32).reshape(2, 3),
    np.full((3, 4), 2.5),
    np.array([1, -2, 3], np.int8),
    np.array([60000], np.uint16),
    np.array(True),
    np.array([1.5, -2], np.float16),
    np.array([], np.int64),
    np.array([b"a", b"", b"cd"]),
    np.array(2**63 - 1),
]]
