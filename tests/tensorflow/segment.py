raw = tf.raw_ops
X = np.array([[1.0, 2.0], [3.0, -4.0], [5.0, 6.0], [0.5, 7.0]], np.float32)
S = np.array([0, 0, 2, 2], np.int32)

CASES = [
    *[case(lambda x, s, op=op: getattr(raw, op)(data=x, segment_ids=s), X, S)
      for op in ["SegmentSum", "SegmentMean", "SegmentProd", "SegmentMax", "SegmentMin"]],
    *[case(lambda x, s, op=op: getattr(raw, op)(data=x, segment_ids=s, num_segments=4), X, np.array([3, 0, -1, 3], np.int32))
      for op in ["UnsortedSegmentSum", "UnsortedSegmentProd", "UnsortedSegmentMax", "UnsortedSegmentMin"]],
    case(lambda x, s: tf.math.unsorted_segment_sum(x, s, 2), np.array([[1, 2], [3, 4]], np.int32), np.array([[0, 1], [1, 1]], np.int64)),
    *[case(lambda x, i, s, op=op: getattr(raw, op)(data=x, indices=i, segment_ids=s), X, np.array([3, 0, 1], np.int32), np.array([0, 0, 1], np.int32))
      for op in ["SparseSegmentSum", "SparseSegmentMean", "SparseSegmentSqrtN"]],
    case(lambda u: tf.scatter_nd([[2], [0], [2]], u, [4]), np.array([1.0, 2.0, 3.0], np.float32)),
    case(lambda x, u: tf.tensor_scatter_nd_update(x, [[3], [0]], u), X, np.array([[9.0, 8.0], [7.0, 6.0]], np.float32)),
    case(lambda x, u: tf.tensor_scatter_nd_add(x, [[3, 1], [3, 1]], u), X, np.array([1.0, 2.0], np.float32)),
    case(lambda x, u: tf.tensor_scatter_nd_sub(x, [[3, 1]], u), X, np.array([1.0], np.float32)),
    case(lambda x, u: tf.tensor_scatter_nd_max(x, [[0, 1]], u), X, np.array([5.0], np.float32)),
    case(lambda x, u: tf.tensor_scatter_nd_min(x, [[0, 1]], u), X, np.array([-5.0], np.float32)),
    case(lambda x: raw.Bincount(arr=x, size=4, weights=np.zeros(0, np.int32)), np.array([1, 3, 1, 9], np.int32)),
    case(lambda x, w: raw.DenseBincount(input=x, size=4, weights=w), np.array([[1, 3], [1, 1]], np.int32), np.array([[1.5, 2.0], [3.0, 4.0]], np.float32)),
    case(lambda x: tf.histogram_fixed_width(x, [-1.0, 1.0], nbins=4), np.array([-2.0, -0.6, 0.1, 0.9, 3.0], np.float32)),
]
