# Functions of TensorFlow that share a name with others, take complex numbers, or sizes that are computed in the run.
import tensorflow as tf

K = keras.backend
N = np.random.default_rng(9)
X, P, M = (2, 6, 8), (2, 4, 6, 3), (2, 4, 4)

CASES = [
    case(tf.image.flip_left_right, P, why="flip_left_right of images, not of matrices"),
    case(lambda x: tf.image.rot90(x), P, why="rot90 of images"),
    case(lambda x: tf.image.rot90(x, k=3), P, why="rot90 three times"),
    case(lambda x: tf.image.transpose(x), P, why="transpose of images"),
    case(lambda x: tf.image.extract_patches(x, [1, 2, 2, 1], [1, 2, 1, 1], [1, 1, 1, 1], "VALID"), P, why="extract_patches"),
    case(lambda x: tf.image.crop_and_resize(x, [[0.1, 0.1, 0.8, 0.9]], [0], [3, 5]), P, why="crop_and_resize"),
    case(lambda x: tf.image.non_max_suppression(tf.abs(x[0, :, :4]), x[0, :, 4], 3), X, why="non_max_suppression"),
    case(lambda x: tf.atan2(x, x + 1.0), X, why="atan2"),
    case(lambda x: tf.where(x > 0), X, why="where without values"),
    case(lambda x: x[x > 0], X, why="the elements under a mask"),
    case(lambda x: tf.math.reduce_euclidean_norm(x, 1), X, why="reduce_euclidean_norm"),
    case(lambda x: tf.math.polyval([1.0, 2.0, 3.0], x), X, why="polyval"),
    case(lambda x: tf.debugging.check_numerics(x, "no number"), X, why="check_numerics"),
    case(lambda x: tf.nn.separable_conv2d(x, np.ones((3, 3, 3, 2), "float32"), np.ones((1, 1, 6, 4), "float32"), [1, 1, 1, 1], "SAME"), P, why="separable_conv2d"),
    case(lambda m: tf.linalg.trace(m), M, why="trace of matrices"),
    case(lambda v: tf.linalg.diag(v), (2, 4), why="diag of vectors"),
    case(lambda x: tf.searchsorted(tf.sort(x), x), (2, 5), why="searchsorted in rows"),
    case(lambda x: K.dot(x, K.constant(np.ones((8, 3)))), X, why="dot, whose shape is computed"),
    case(lambda x: K.batch_flatten(x), P, why="batch_flatten"),
    case(lambda x: K.switch(x > 0, x, x * 2), X, why="switch"),
    case(lambda x: tf.broadcast_to(x[:, :1], tf.shape(x)), X, why="broadcast_to the shape of another"),
    case(lambda x: x + tf.cast(tf.range(tf.shape(x)[1])[:, None], tf.float32), X, why="range over a size"),
    case(lambda x: tf.abs(tf.signal.fft(tf.cast(x, tf.complex64))), X, why="fft"),
    case(lambda x: tf.math.real(tf.signal.fft2d(tf.cast(x, tf.complex64))), X, why="fft2d"),
    case(lambda x: tf.abs(tf.signal.stft(x, 4, 2)), X, why="stft"),
    case(lambda x: tf.math.imag(tf.signal.stft(x, 5, 2, fft_length=8, pad_end=True)), X, why="stft, further arguments"),
    case(lambda x: tf.signal.frame(x, 4, 3, pad_end=True), X, why="frame"),
    case(lambda x: tf.signal.dct(x), X, why="dct"),
    case(lambda x: tf.signal.dct(x, norm="ortho"), X, why="dct, orthogonal"),
    case(lambda x: tf.signal.mfccs_from_log_mel_spectrograms(x), X, why="mfccs"),
    case(lambda x: tf.signal.overlap_and_add(x, 3), X, why="overlap_and_add"),
]  # fmt: skip
