L = keras.layers
C = L.ContrastLimitedAdaptiveHistogramEqualization
BRIGHT = np.random.default_rng(3).integers(0, 256, (2, 13, 10, 3))
CASES = [
    case(C(tile_grid_size=(3, 2)), (2, 13, 10, 3), inputs=[BRIGHT], why="tiles that do not divide the image"),
    case(C(tile_grid_size=(2, 2), clip_limit=0.0), (2, 13, 10, 3), inputs=[BRIGHT], why="no limit"),
    case(C(value_range=(0.0, 1.0), tile_grid_size=(2, 5)), (2, 13, 10, 3), inputs=[BRIGHT / 255.0], why="numbers up to 1"),
    case(C(), (2, 13, 10, 3), dtype="uint8", inputs=[BRIGHT], why="integers; more tiles than pixels"),
    case(C(tile_grid_size=(2, 2), data_format="channels_first"), (2, 3, 8, 6), low=0, high=256, dtype="uint8", why="channels_first"),
]
REJECTED = [
    reject({"value_range": [1, 1]}, "bad_config"),
    reject({"tile_grid_size": [0, 2]}, "bad_config"),
]
