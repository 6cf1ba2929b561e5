raw = tf.raw_ops
B = np.array([[0, 0, 1, 1], [0, 0.1, 1, 1.1], [0, -0.1, 1, 0.9], [1, 10, 0, 11], [0, 10.1, 1, 11.1], [0, 100, 1, 101]], np.float32)
S = np.array([0.9, 0.75, 0.6, 0.95, 0.5, 0.3], np.float32)

CASES = [
    case(lambda b, s: raw.NonMaxSuppression(boxes=b, scores=s, max_output_size=3, iou_threshold=0.5), B, S),
    case(lambda b, s: raw.NonMaxSuppressionV2(boxes=b, scores=s, max_output_size=9, iou_threshold=0.7), B, S),
    case(lambda b, s: raw.NonMaxSuppressionV3(boxes=b, scores=s, max_output_size=3, iou_threshold=0.5, score_threshold=0.4), B, S),
    case(lambda b, s: list(raw.NonMaxSuppressionV4(boxes=b, scores=s, max_output_size=5, iou_threshold=0.5, score_threshold=0.4, pad_to_max_output_size=True)), B, S),
    case(lambda b, s: list(raw.NonMaxSuppressionV5(boxes=b, scores=s, max_output_size=6, iou_threshold=0.5, score_threshold=0.0, soft_nms_sigma=0.5)), B, S),
    case(lambda b, s: list(tf.image.combined_non_max_suppression(b[None, :, None], tf.stack([s, s[::-1]], -1)[None], 2, 5, 0.5, 0.2)), B, S),
]
