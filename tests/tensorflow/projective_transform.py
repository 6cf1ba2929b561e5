raw = tf.raw_ops
X = np.random.default_rng(3).uniform(size=(2, 4, 5, 3)).astype(np.float32)
MATRICES = np.array([[0.8, -0.3, 0.7, 0.25, 0.9, -0.4, 0.01, -0.02], [1.1, 0.1, -7.5, 0.0, 1.3, 9.5, 0.0, 0.0]], np.float32)

CASES = [
    *[case(lambda x, m, w=w, f=f: raw.ImageProjectiveTransformV3(images=x, transforms=m, output_shape=[6, 3], fill_value=0.5, interpolation=w, fill_mode=f), X, MATRICES)
      for w in ["NEAREST", "BILINEAR"] for f in ["CONSTANT", "NEAREST", "WRAP", "REFLECT"]],
    case(lambda x, m: raw.ImageProjectiveTransformV2(images=x, transforms=m[:1], output_shape=[4, 5], interpolation="BILINEAR"), X, MATRICES),
    case(lambda x, m: raw.ImageProjectiveTransformV3(images=x, transforms=m, output_shape=[4, 5], fill_value=7.0, interpolation="NEAREST"), (X * 255).astype(np.uint8), MATRICES),
]
