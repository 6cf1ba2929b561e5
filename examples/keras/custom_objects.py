# A model with an activation and a layer of its own; they compute on NumPy arrays.
import json

import numpy as np
from cornu import keras


class ChannelScale(keras.layers.Layer):
    def __init__(self, factor=1.0, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor

    def build(self, input_shape):
        self.gain = self.add_weight(name="gain", shape=(input_shape[-1],), initializer="ones", trainable=True)
        super().build(input_shape)

    def call(self, inputs):
        return inputs * self.gain * self.factor

    def get_config(self):
        return {**super().get_config(), "factor": self.factor}


def soft_clip(x):
    return keras.ops.tanh(x / 4.0) * 4.0


config = {
    "class_name": "Sequential",
    "config": {
        "name": "small",
        "layers": [
            {"class_name": "InputLayer", "config": {"name": "x", "batch_shape": [None, 4]}},
            {"class_name": "ChannelScale", "config": {"name": "scale", "factor": 2.0}},
            {"class_name": "Dense", "config": {"name": "out", "units": 2, "activation": "soft_clip"}},
        ],
    },
    "keras_version": "3.15.1",
}
objects = {"ChannelScale": ChannelScale, "soft_clip": soft_clip}
model = keras.models.model_from_json(json.dumps(config), custom_objects=objects)
model.set_weights([np.ones(4), np.eye(4, 2), np.zeros(2)])
answers = model.predict(np.arange(8).reshape(2, 4), verbose=0)
print(*(round(float(answer), 3) for answer in answers.ravel()))
model.summary(line_length=60)
