# Functions of keras.ops beyond arithmetic: orders, grids, vectors, NaN, images, signals.
ops = keras.ops
X = (2, 3, 4)
SQUARE = (2, 3, 3)
ROW = np.array([0.5, 1.0, 2.5, 4.0], "float32")
HOLES = np.where(np.arange(24.0) % 5 == 2, np.nan, np.sin(np.arange(24.0))).reshape(X).astype("float32")
COLOURS = np.random.default_rng(7).uniform(0, 1, (2, 4, 5, 3)).astype("float32")
CASES = [
    case(lambda x: ops.median(x, axis=1), X, why="median"),
    case(lambda x: ops.median(x, axis=(1, 2), keepdims=True), X, why="median of an even number, kept axes"),
    case(lambda x: ops.quantile(x, 0.3, axis=-1), X, why="quantile"),
    case(lambda x: ops.digitize(x, ROW), X, why="digitize"),
    case(lambda x: ops.isin(x, [1, 3]), X, dtype="int32", why="isin"),
    case(lambda x: ops.select([x > 1, x > 0], [x * 2, x * 3], -1.0), X, why="select"),
    case(lambda x: x + ops.arange(4, dtype="float32"), X, why="arange"),
    case(lambda x: x * ops.linspace(0.0, 1.0, 4), X, why="linspace"),
    case(lambda x: ops.rot90(x, 3, axes=(1, 2)), X, why="rot90"),
    case(lambda x: ops.cross(x, x[:, ::-1]), SQUARE, why="cross"),
    case(lambda x: ops.trapezoid(x, dx=0.5, axis=1), X, why="trapezoid"),
    case(lambda x: ops.nansum(x, axis=1), X, inputs=[HOLES], why="nansum"),
    case(lambda x: ops.nanmean(x, axis=(1, 2)), X, inputs=[HOLES], why="nanmean"),
    case(lambda x: ops.nanstd(x, axis=-1), X, inputs=[HOLES], why="nanstd"),
    case(lambda x: ops.nanmax(x, axis=1), X, inputs=[HOLES], why="nanmax"),
    case(lambda x: ops.nanargmin(x, axis=-1), X, inputs=[HOLES], why="nanargmin"),
    case(lambda x: ops.logaddexp2(x, x * 2), X, why="logaddexp2"),
    case(lambda x: ops.erfc(x), X, why="erfc"),
    case(lambda x: ops.signbit(x), X, why="signbit"),
    case(lambda a, b: ops.binary_crossentropy(a, b, from_logits=True), [X, X], why="binary cross-entropy of logits"),
    case(lambda a, b: ops.categorical_crossentropy(ops.softmax(a), ops.softmax(b)), [X, X], why="categorical cross-entropy"),
    case(lambda x: ops.image.rgb_to_hsv(x), (2, 4, 5, 3), inputs=[COLOURS], why="to hue, saturation, value"),
    case(lambda x: ops.image.hsv_to_rgb(x), (2, 4, 5, 3), inputs=[COLOURS], why="to colours"),
    case(lambda x: ops.image.extract_patches(x, (2, 3), strides=1), (2, 4, 5, 3), inputs=[COLOURS], why="patches"),
    case(lambda x: ops.image.pad_images(x, 1, 2, target_height=8, target_width=9), (2, 4, 5, 3), inputs=[COLOURS], why="padding"),
    case(lambda x: ops.image.crop_images(x, 1, 1, target_height=2, target_width=3), (2, 4, 5, 3), inputs=[COLOURS], why="cropping"),
    case(lambda x: ops.image.sobel_edges(x), (2, 4, 5, 3), inputs=[COLOURS], why="edges"),
    case(lambda x: ops.stack(ops.rfft(x), 0), (2, 3, 8), why="rfft"),
    case(lambda x: ops.irfft(ops.rfft(x, 10), 10), (2, 3, 8), why="rfft of a longer row, and back"),
    case(lambda x: ops.stack(ops.fft((x, x * 2)), 0), (2, 3, 8), why="fft"),
    case(lambda x: ops.stack(ops.stft(x, 4, 2, 6), 0), (2, 12), why="stft"),
    case(lambda x: ops.extract_sequences(x, 4, 3), (2, 12), why="sequences"),
]
