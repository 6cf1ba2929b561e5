raw = tf.raw_ops
X = np.array([[-3.0, -0.4, 0.1], [0.7, 2.2, 9.0]], np.float32)
F = lambda *v: np.array(v, np.float32)

CASES = [
    case(lambda x: raw.FakeQuantWithMinMaxArgs(inputs=x, min=-1.0, max=2.0), X),
    case(lambda x, a, b: raw.FakeQuantWithMinMaxVars(inputs=x, min=a, max=b, num_bits=4, narrow_range=True), X, np.float32(-1.5), np.float32(3)),
    case(lambda x, a, b: raw.FakeQuantWithMinMaxVarsPerChannel(inputs=x, min=a, max=b), X, F(-1, -2, 0), F(1, 3, 5)),
    case(lambda x: raw.QuantizeAndDequantizeV2(input=x, input_min=0.0, input_max=0.0, range_given=False), X),
    case(lambda x: raw.QuantizeAndDequantizeV2(input=x, input_min=-2.0, input_max=4.0, range_given=True, num_bits=4), X),
    case(lambda x: raw.QuantizeAndDequantizeV3(input=x, input_min=-2.0, input_max=4.0, num_bits=5), X),
    case(lambda x: raw.QuantizeAndDequantizeV2(input=x, input_min=F(0, 0, 0), input_max=F(0, 0, 0), range_given=False, axis=1), X),
    case(lambda x: raw.QuantizeAndDequantizeV4(input=x, input_min=0.0, input_max=3.0, range_given=True, signed_input=False), X),
]
