# The other layers as Keras 2 writes them.
L = keras.layers
X = (2, 3, 4, 5)
T = (2, 4, 5)
STEPS = np.random.default_rng(1).normal(0.0, 1.0, (2, 4, 5))
STEPS[0, 2:] = 0.0
CASES = [
    case(L.Dense(6, activation="relu"), X, why="Dense"),
    case(L.EinsumDense("abc,cd->abd", output_shape=(None, 3), bias_axes="d"), T, why="EinsumDense"),
    case(L.BatchNormalization(), X, why="BatchNormalization"),
    case(L.BatchNormalization(axis=1, scale=False), X, why="BatchNormalization, channels_first"),
    case(L.LayerNormalization(), X, why="LayerNormalization"),
    case(L.LayerNormalization(axis=[2, 3]), X, why="LayerNormalization, two axes"),
    case(L.GroupNormalization(groups=5), X, why="GroupNormalization"),
    case(L.UnitNormalization(), X, why="UnitNormalization"),
    case(L.Normalization(), X, why="Normalization"),
    case(L.Normalization(mean=0.5, variance=2.0, axis=None), X, why="Normalization, values in the config"),
    case(L.Rescaling(1 / 127.5, offset=-1), X, why="Rescaling"),
    case(L.Flatten(), X, why="Flatten"),
    case(L.Reshape((-1, 5)), X, why="Reshape"),
    case(L.Permute((3, 1, 2)), X, why="Permute"),
    case(L.RepeatVector(3), (2, 5), why="RepeatVector"),
    case(L.ZeroPadding1D(2), T, why="ZeroPadding1D"),
    case(L.ZeroPadding2D(((0, 1), (2, 3))), X, why="ZeroPadding2D"),
    case(L.ZeroPadding3D(1), (2, 2, 3, 2, 2), why="ZeroPadding3D"),
    case(L.Cropping1D((1, 1)), T, why="Cropping1D"),
    case(L.Cropping2D(((1, 0), (0, 2))), X, why="Cropping2D"),
    case(L.Cropping3D(((0, 1), (1, 0), (0, 1))), (2, 2, 3, 2, 2), why="Cropping3D"),
    case(L.UpSampling1D(2), T, why="UpSampling1D"),
    case(L.UpSampling2D((2, 3)), X, why="UpSampling2D"),
    case(L.UpSampling2D(2, interpolation="bilinear"), X, why="UpSampling2D, bilinear"),
    case(L.UpSampling3D((1, 2, 3)), (2, 2, 3, 2, 2), why="UpSampling3D"),
    case(
        L.Embedding(8, 5, input_length=6), (2, 6), dtype="float32", inputs=[[[0, 7, 3, 3, 1, 2]] * 2], why="Embedding"
    ),
    case(lambda x: L.GlobalAveragePooling1D()(L.Masking()(x)), (2, 4, 5), inputs=[STEPS], why="Masking, mean"),
    case(L.Dropout(0.5), T, why="Dropout"),
    case(L.SpatialDropout1D(0.5), T, why="SpatialDropout1D"),
    case(L.GaussianNoise(0.5), T, why="GaussianNoise"),
    case(L.GaussianDropout(0.5), T, why="GaussianDropout"),
    case(L.ActivityRegularization(l2=0.1), T, why="ActivityRegularization"),
    case(L.Add(), [T, T], why="Add"),
    case(L.Subtract(), [T, T], why="Subtract"),
    case(L.Multiply(), [T, T], why="Multiply"),
    case(L.Average(), [T, T], why="Average"),
    case(L.Maximum(), [T, T], why="Maximum"),
    case(L.Minimum(), [T, T], why="Minimum"),
    case(L.Concatenate(axis=1), [T, T], why="Concatenate"),
    case(L.Dot(axes=(2, 2)), [T, T], why="Dot"),
    case(L.Dot(axes=1, normalize=True), [(2, 5), (2, 5)], why="Dot, cosine"),
    case(L.Dense(3, dtype="float64"), (2, 5), dtype="float64", why="float64"),
    case(L.Dense(3, dtype=keras.mixed_precision.Policy("mixed_float16")), (2, 5), why="mixed_float16"),
]
