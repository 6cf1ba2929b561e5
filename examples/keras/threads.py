# One model, many threads, as a web server has them.
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from cornu import keras

model = keras.models.load_model(sys.argv[1])
images = np.load(sys.argv[2])["input_0"]


def answer(i):
    return int(model.predict(images[i : i + 1], verbose=0).argmax())


with ThreadPoolExecutor(8) as executor:
    digits = list(executor.map(answer, range(len(images))))
print("right:", int((np.array(digits) == np.load(sys.argv[2])["labels"]).sum()), "of", len(images))
