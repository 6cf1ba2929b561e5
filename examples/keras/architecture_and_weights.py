# The architecture as JSON, the weights apart: what many papers publish.
import pathlib
import sys
import tempfile

import numpy as np
from cornu import keras

with tempfile.TemporaryDirectory() as folder:
    path = pathlib.Path(folder) / "model.json"
    path.write_text(keras.models.load_model(sys.argv[1]).to_json())

    with open(path) as json_file:
        model = keras.models.model_from_json(json_file.read())
model.load_weights(sys.argv[1])
x = np.load(sys.argv[2])["input_0"][:3]
print(model.predict_on_batch(x).argmax(axis=1).tolist())
for layer in model.layers:
    if isinstance(layer, keras.layers.Conv2D):
        print(layer.name, layer.filters, layer.kernel_size, layer.get_weights()[0].shape)
