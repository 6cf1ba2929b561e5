raw = tf.raw_ops
X = np.random.default_rng(4).uniform(size=(2, 5, 6, 3)).astype(np.float32)
TURN = np.array([[0.8, -0.3, 1.0, 0.4, 0.9, -0.7, 0.01, -0.02]], np.float32)
FAR = np.array([[1.7, 0.2, -4.3, -0.1, 2.1, -6.2, 0.0, 0.0], [1, 0, 3, 0, 1, -2, 0, 0]], np.float32)
BOXES = np.array([[[0.1, 0.2, 0.8, 0.9], [0, 0, 1, 1]], [[-0.5, 0.3, 0.5, 1.5], [0.7, 0.1, 0.3, 0.5]]], np.float32)

CASES = [
    *[case(lambda x, k=k, a=a: raw.ScaleAndTranslate(images=x, size=[3, 8], scale=[0.55, 1.3], translation=[0.4, -0.7], kernel_type=k, antialias=a), X)
      for k in ["lanczos1", "lanczos3", "lanczos5", "gaussian", "box", "triangle", "keyscubic", "mitchellcubic"] for a in [True, False]],
    case(lambda x: tf.image.resize(x, [3, 4], "lanczos5", antialias=True), (X * 255).astype(np.uint8)),
    *[case(lambda x, t, i=i, f=f: raw.ImageProjectiveTransformV3(images=x, transforms=t, output_shape=[4, 7], fill_value=0.25, interpolation=i,
                                                                fill_mode=f), X, t)
      for t in [TURN, FAR] for i in ["NEAREST", "BILINEAR"] for f in ["CONSTANT", "REFLECT", "WRAP", "NEAREST"]],
    case(lambda x, t: raw.ImageProjectiveTransformV2(images=x, transforms=t, output_shape=[5, 6], interpolation="BILINEAR"), X, TURN),
    case(lambda x, b: raw.DrawBoundingBoxes(images=x, boxes=b), X, BOXES),
    case(lambda x, b: raw.DrawBoundingBoxes(images=x, boxes=b), X[..., :1], BOXES),
    case(lambda x, b: raw.DrawBoundingBoxesV2(images=x, boxes=b, colors=[[0.1, 0.2, 0.3]]), X, BOXES),
]
