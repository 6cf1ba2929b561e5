raw = tf.raw_ops
X = np.random.default_rng(3).uniform(size=(2, 4, 5, 3)).astype(np.float32)
SIZES = [[6, 7], [3, 2]]
WAYS = [(False, False), (True, False), (False, True)]

CASES = [
    *[case(lambda x, op=op, s=s, w=w: getattr(raw, op)(images=x, size=s, align_corners=w[0], half_pixel_centers=w[1]), X)
      for op in ["ResizeBilinear", "ResizeNearestNeighbor", "ResizeBicubic"] for s in SIZES for w in WAYS],
    case(lambda x: raw.ResizeBilinear(images=x, size=[3, 9]), (X * 255).astype(np.uint8)),
    *[case(lambda x, s=s, a=a: raw.ResizeArea(images=x, size=s, align_corners=a), X) for s in SIZES for a in [False, True]],
    *[case(lambda x, b, m=m: tf.image.crop_and_resize(x, b, [1, 0], [3, 2], m, 0.5), X,
           np.array([[0.1, 0.2, 0.8, 1.3], [0.9, 0.0, 0.0, 0.5]], np.float32)) for m in ["bilinear", "nearest"]],
    case(lambda x: raw.AdjustContrastv2(images=x, contrast_factor=0.5), X),
    case(lambda x: raw.AdjustHue(images=x, delta=0.3), X),
    case(lambda x: raw.AdjustHue(images=x, delta=-1.3), X - 0.5, why="negative colours"),
    case(lambda x, w: tf.nn.dilation2d(x, w, [1, 2, 1, 1], "SAME", "NHWC", [1, 1, 2, 1]), X, (2, 3, X.shape[-1])),
    case(lambda x, w: tf.nn.dilation2d(x, w, [1, 1, 1, 1], "VALID", "NHWC", [1, 1, 1, 1]), X, (2, 2, X.shape[-1])),
    case(lambda x: raw.AdjustSaturation(images=x, scale=1.5), X),
    case(lambda x: tf.image.rgb_to_hsv(x), X),
    case(lambda x: tf.image.hsv_to_rgb(x), X),
    case(lambda x: tf.image.extract_patches(x, [1, 2, 3, 1], [1, 2, 1, 1], [1, 1, 2, 1], "SAME"), X),
    case(lambda x: tf.image.extract_patches(x, [1, 2, 2, 1], [1, 1, 1, 1], [1, 2, 1, 1], "VALID"), X),
    case(lambda x: list(tf.nn.max_pool_with_argmax(x, 2, 2, "SAME", include_batch_in_index=True)), X),
    case(lambda x: tf.nn.local_response_normalization(x, depth_radius=1, bias=1.5, alpha=0.3), X),
]
