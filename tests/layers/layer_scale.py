from keras.src.applications.convnext import LayerScale

CASES = [
    case(LayerScale(0.5, 37), (2, 37), why="a factor per channel"),
    case(LayerScale(1e-6, 5), (2, 3, 4, 5)),
]
REJECTED = [reject({"projection_dim": 0}, "bad_config"), reject({"projection_dim": 7}, "bad_config", of=1)]
