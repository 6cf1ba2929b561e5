# Functions of TensorFlow in functional models of Keras 2 that TensorFlow computes with ops of its own.
import tensorflow as tf

N = np.random.default_rng(5)
A, P = (2, 3, 4), (2, 6, 8, 3)
BRIGHT = N.random((2, 6, 8, 3))
SQUARE = N.normal(size=(2, 3, 3)) + 3 * np.eye(3)
WORDS = [["  Ab", "b1c "], ["", "12"]]


def pictures(function, why):
    return case(function, P, inputs=[BRIGHT], why=why)


def texts(function, why):
    return case(function, (2, 2), dtype="string", inputs=[WORDS], why=why)


CASES = [
    pictures(tf.image.per_image_standardization, "per_image_standardization"),
    pictures(lambda x: tf.image.adjust_brightness(x, 0.2), "adjust_brightness"),
    pictures(lambda x: tf.image.adjust_contrast(x, 1.5), "adjust_contrast"),
    pictures(lambda x: tf.image.adjust_gamma(x, 2.0, 1.1), "adjust_gamma"),
    pictures(lambda x: tf.image.adjust_hue(x, 0.1), "adjust_hue"),
    pictures(lambda x: tf.image.adjust_saturation(x, 0.5), "adjust_saturation"),
    pictures(tf.image.flip_up_down, "flip_up_down"),
    pictures(tf.image.rgb_to_yuv, "rgb_to_yuv"),
    pictures(tf.image.yuv_to_rgb, "yuv_to_rgb"),
    pictures(tf.image.rgb_to_yiq, "rgb_to_yiq"),
    pictures(lambda x: tf.image.central_crop(x, 0.5), "central_crop"),
    pictures(lambda x: tf.image.crop_to_bounding_box(x, 1, 2, 3, 4), "crop_to_bounding_box"),
    pictures(lambda x: tf.image.pad_to_bounding_box(x, 1, 2, 9, 11), "pad_to_bounding_box"),
    pictures(tf.image.total_variation, "total_variation"),
    pictures(lambda x: tf.image.grayscale_to_rgb(x[..., :1]), "grayscale_to_rgb"),
    case(lambda x: tf.image.convert_image_dtype(x, tf.float32), P, dtype="uint8", high=256, why="convert_image_dtype"),
    case(lambda x: tf.nn.local_response_normalization(x, depth_radius=1, alpha=0.5), A[:1] + (3, 3, 4), why="local response normalization"),
    case(tf.nn.crelu, A, why="crelu"),
    case(lambda a, b: tf.nn.sigmoid_cross_entropy_with_logits(labels=a, logits=b), [A, A], why="sigmoid cross entropy"),
    case(lambda a, b: tf.nn.softmax_cross_entropy_with_logits(labels=a, logits=b), [A, A], why="softmax cross entropy"),
    case(lambda a, b: tf.nn.sparse_softmax_cross_entropy_with_logits(labels=a, logits=b), [(2, 3), A], dtype=["int32", "float32"], high=4, why="sparse cross entropy"),
    case(lambda x: tf.nn.zero_fraction(tf.nn.relu(x)), A, why="zero_fraction"),
    case(lambda x: tf.clip_by_norm(x, 1.5, axes=[2]), A, why="clip_by_norm"),
    case(lambda n: tf.sequence_mask(n, 5), (2, 3), dtype="int32", high=5, why="sequence_mask"),
    case(lambda x: tf.math.lgamma(tf.abs(x) + 0.5), A, why="lgamma"),
    case(lambda x: tf.math.digamma(tf.abs(x) + 0.5), A, why="digamma"),
    case(lambda a, b: tf.math.xlogy(tf.nn.relu(a), tf.abs(b)), [A, A], why="xlogy"),
    case(lambda a: tf.math.reciprocal_no_nan(tf.nn.relu(a)), A, why="reciprocal_no_nan"),
    case(lambda a, b: tf.bitwise.bitwise_and(a, b), [(2, 3), (2, 3)], dtype="int32", high=16, why="bitwise_and"),
    case(tf.linalg.inv, (2, 3, 3), inputs=[SQUARE], why="inv"),
    case(tf.linalg.det, (2, 3, 3), inputs=[SQUARE], why="det"),
    case(lambda a: tf.linalg.band_part(a, 1, 0), (2, 3, 3), inputs=[SQUARE], why="band_part"),
    case(lambda a, d: tf.linalg.set_diag(a, d), [(2, 3, 3), (2, 3)], why="set_diag"),
    case(lambda a, b: tf.linalg.matvec(a, b), [(2, 3, 4), (2, 4)], why="matvec"),
    case(lambda a: tf.linalg.svd(a, compute_uv=False), (2, 3, 3), inputs=[SQUARE], why="svd, values"),
    case(lambda a, b: tf.linalg.solve(a, b), [(2, 3, 3), (2, 3, 2)], why="solve"),
    case(lambda x, i: tf.gather_nd(x, i), [A, (2, 5, 2)], dtype=["float32", "int32"], high=2, why="gather_nd"),
    case(lambda x, m: tf.boolean_mask(x, m > 0), [A, (2, 3)], why="boolean_mask"),
    case(lambda x, v: tf.tensor_scatter_nd_update(x, [[0, 1], [1, 2]], v), [A, (2, 4)], why="tensor_scatter_nd_update"),
    case(lambda v: tf.scatter_nd([[0], [2]], v, [4, 3]), (2, 3), why="scatter_nd"),
    case(lambda x, i: tf.math.unsorted_segment_sum(x, i, 3), [(2, 4), (2,)], dtype=["float32", "int32"], high=3, why="unsorted_segment_sum"),
    case(lambda x, i: tf.math.unsorted_segment_mean(x, i, 3), [(2, 4), (2,)], dtype=["float32", "int32"], high=3, why="unsorted_segment_mean"),
    case(lambda x, n: tf.reverse_sequence(x, n, seq_axis=1), [(2, 5, 3), (2,)], dtype=["float32", "int32"], inputs=[N.normal(size=30), [3, 5]], why="reverse_sequence"),
    case(lambda x: tf.unique(x)[0], (2,), dtype="int32", high=3, why="unique"),
    case(lambda x, k: tf.nn.conv2d_transpose(x, k, [2, 12, 16, 2], 2), [P, (2, 2, 2, 3)], declared=[P, (2, 2, 2, 3)], why="conv2d_transpose"),
    texts(tf.strings.lower, "lower"),
    texts(tf.strings.strip, "strip"),
    texts(tf.strings.length, "length"),
    texts(lambda x: tf.strings.regex_replace(x, "[0-9]", "#"), "regex_replace"),
    texts(lambda x: tf.strings.join([x, x], separator="-"), "join"),
    texts(lambda x: tf.strings.to_hash_bucket_fast(x, 11), "to_hash_bucket_fast"),
    texts(lambda x: tf.strings.substr(x, 0, 0), "substr"),
    case(tf.as_string, (2, 3), dtype="int32", why="as_string"),
]  # fmt: skip
