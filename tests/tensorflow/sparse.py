raw = tf.raw_ops
AT = np.array([[0, 1], [2, 0], [2, 3]], np.int64)
V = np.array([1.5, -2.0, 4.0], np.float32)
S = np.array([4, 5], np.int64)
Z = np.array([[2, 3], [0, 1], [2, 0]], np.int64)

CASES = [
    case(lambda i, v: raw.SparseToDense(sparse_indices=i, output_shape=[4, 5], sparse_values=v, default_value=-1.0), AT, V),
    case(lambda v: raw.SparseToDense(sparse_indices=[1, 3], output_shape=[4], sparse_values=v, default_value="x"), np.array([b"a", b"b"])),
    case(lambda i, v, s, d: raw.SparseTensorDenseAdd(a_indices=i, a_values=v, a_shape=s, b=d), AT, V, S, (4, 5)),
    case(lambda i, v, s, d: raw.SparseTensorDenseMatMul(a_indices=i, a_values=v, a_shape=s, b=d), AT, V, S, (5, 2)),
    case(lambda i, v, s, d: raw.SparseTensorDenseMatMul(a_indices=i, a_values=v, a_shape=s, b=d, adjoint_a=True, adjoint_b=True), AT, V, S, (2, 4)),
    case(lambda i, s: list(raw.SparseReshape(input_indices=i, input_shape=s, new_shape=[2, -1])), AT, S),
    case(lambda i, v, s: list(raw.SparseReorder(input_indices=i, input_values=v, input_shape=s)), Z, V, S),
    case(lambda i, v, s: list(raw.SparseFillEmptyRows(indices=i, values=v, dense_shape=s, default_value=9.0)), AT, V, S),
    case(lambda i, v, s: list(raw.SparseConcat(indices=[i, i], values=[v, v + 1], shapes=[s, s], concat_dim=1)), AT, V, S),
    case(lambda i, v, s: list(raw.SparseSlice(indices=i, values=v, shape=s, start=[1, 0], size=[2, 9])), AT, V, S),
    case(lambda i, v, s: raw.SparseReduceSum(input_indices=i, input_values=v, input_shape=s, reduction_axes=[1]), AT, V, S),
    case(lambda i, v, s, d: raw.SparseDenseCwiseMul(sp_indices=i, sp_values=v, sp_shape=s, dense=d), AT, V, S, (5,)),
    case(lambda a, b: list(raw.RaggedRange(starts=a, limits=b, deltas=2)), np.array([0, 5], np.int32), np.array([5, 5], np.int32)),
    case(lambda s, v, i: (lambda r: [*r.output_nested_splits, r.output_dense_values])(
        raw.RaggedGather(params_nested_splits=[s], params_dense_values=v, indices=i, OUTPUT_RAGGED_RANK=1)),
        np.array([0, 2, 2, 3], np.int64), V, np.array([2, 0], np.int32)),
    case(lambda s, v: list(raw.RaggedTensorToSparse(rt_nested_splits=[s], rt_dense_values=v)), np.array([0, 2, 2, 3], np.int64), V),
    case(lambda s, v: raw.RaggedTensorToTensor(shape=tf.constant([-1, -1], tf.int64), values=v, default_value=-1.0, row_partition_tensors=[s], row_partition_types=["ROW_SPLITS"]),
         np.array([0, 2, 2, 3], np.int64), V),
    case(lambda n, i, v: raw.RaggedTensorToTensor(shape=tf.constant([-1, 1], tf.int64), values=v, default_value=0.0, row_partition_tensors=[n, i], row_partition_types=["FIRST_DIM_SIZE", "VALUE_ROWIDS"]),
         np.array(4, np.int64), np.array([0, 0, 3], np.int64), V),
    *[case(lambda a, b, o=o: list(raw.DenseToDenseSetOperation(set1=a, set2=b, set_operation=o)),
           np.array([[1, 2, 3], [4, 4, 5]], np.int64), np.array([[2, 9], [5, 6]], np.int64)) for o in ["a-b", "b-a", "intersection", "union"]],
    case(lambda: list(raw.ConcatOffset(concat_dim=1, shape=[[2, 3], [2, 5]]))),
]
