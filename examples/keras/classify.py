# What is in the picture? The end of TensorFlow's image classification tutorial.
import sys

import cornu as tf
import numpy as np
from cornu import keras

class_names = [str(digit) for digit in range(10)]
model = keras.models.load_model(sys.argv[1])
image = np.load(sys.argv[2])["input_0"][0]

img_array = tf.expand_dims(image, 0)  # a batch of one
predictions = model.predict(img_array)
score = tf.nn.softmax(predictions[0])
print(f"This is most likely a {class_names[np.argmax(score)]} with {100 * np.max(predictions[0]):.2f} percent confidence.")
