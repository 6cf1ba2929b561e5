# One input after the other, as a service or a camera loop calls a model.
import sys

import cornu as tf
import numpy as np
from cornu import keras

tf.config.threading.set_intra_op_parallelism_threads(1)
model = keras.models.load_model(sys.argv[1])


def frames(path):
    yield from np.load(path)["input_0"][:20]


labels = []
for frame in frames(sys.argv[2]):
    batch = tf.convert_to_tensor(frame[np.newaxis, ...], dtype=tf.float32)
    outputs = model(batch, training=False)
    labels.append(int(tf.argmax(outputs, axis=-1).numpy()[0]))
print(labels)
