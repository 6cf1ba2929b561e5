# Features of a layer inside, for search or clustering.
import sys

import numpy as np
from cornu import keras

model = keras.models.load_model(sys.argv[1], compile=False)
extractor = keras.Model(inputs=model.inputs, outputs=[model.get_layer("flatten").output, model.output])
features, digits = extractor.predict(np.load(sys.argv[2])["input_0"], batch_size=16, verbose=0)
features = keras.utils.normalize(features)
print("nearest to image 0:", np.argsort(-features @ features[0])[1:4].tolist())
print("features", features.shape, "digits", digits.argmax(axis=1)[:5].tolist())
