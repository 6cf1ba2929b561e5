# Accuracy and a confusion matrix over a data set that gives batches.
import sys

import numpy as np
from cornu import keras


class Digits(keras.utils.Sequence):
    def __init__(self, path, batch_size):
        super().__init__()
        stored = np.load(path)
        self.x, self.y, self.batch_size = stored["input_0"], stored["labels"], batch_size

    def __len__(self):
        return int(np.ceil(len(self.x) / self.batch_size))

    def __getitem__(self, index):
        part = slice(index * self.batch_size, (index + 1) * self.batch_size)
        return self.x[part], keras.utils.to_categorical(self.y[part], 10)


model = keras.models.load_model(sys.argv[1])
data = Digits(sys.argv[2], 32)
probabilities = model.predict(data, verbose=1)
predicted = np.argmax(probabilities, axis=-1)
confusion = np.zeros((10, 10), int)
np.add.at(confusion, (data.y, predicted), 1)
print("accuracy:", np.mean(predicted == data.y))
print("confusions:", int(confusion.sum() - np.trace(confusion)))
