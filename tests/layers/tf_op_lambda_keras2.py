import tensorflow as tf

A = (2, 3, 4)
CASES = [
    case(lambda a: tf.nn.relu6(a * 4.0), A, why="an activation of TensorFlow"),
    case(lambda a, b: tf.matmul(a, b, transpose_b=True), [A, A], why="keyword arguments"),
    case(lambda a: tf.math.reduce_std(a, axis=-1), A, why="standard deviation"),
]
