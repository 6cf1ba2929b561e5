raw = tf.raw_ops
Z = (np.random.default_rng(5).normal(size=(2, 5, 6)) + 1j * np.random.default_rng(6).normal(size=(2, 5, 6))).astype(np.complex64)

CASES = [
    case(lambda a, b: tf.complex(a, b), (2, 3), (2, 3)),
    case(lambda z: [tf.math.real(z), tf.math.imag(z), tf.math.angle(z), tf.abs(z), tf.math.conj(z)], Z),
    *[case(lambda z, op=op: getattr(raw, op)(input=z), Z) for op in ["FFT", "IFFT", "FFT2D", "IFFT2D", "FFT3D", "IFFT3D"]],
    *[case(lambda x, n=n: tf.signal.rfft(x, [n]), (2, 7)) for n in [7, 8, 5]],
    *[case(lambda z, n=n: tf.signal.irfft(z, [n]), Z) for n in [10, 9, 6]],
    case(lambda x: tf.signal.rfft2d(x), (2, 4, 6)),
    case(lambda z: tf.signal.irfft2d(z, [5, 10]), Z),
]
