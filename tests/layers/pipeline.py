L = keras.layers
P = L.Pipeline
CASES = [
    case(P([L.Rescaling(0.5), L.CenterCrop(2, 3)]), (2, 4, 5, 3)),
    case(P([L.RandomFlip(), L.Normalization(mean=1.0, variance=4.0)]), (2, 4, 5, 3), why="with a layer that does nothing"),
]
REJECTED = [reject({"layers": [{"class_name": "NoSuchLayer", "config": {}}]}, "unsupported")]
