L = keras.layers
CASES = [
    case(
        keras.Sequential(
            [
                keras.Input((6, 7, 3)),
                L.Conv2D(4, 3, padding="same", use_bias=False),
                L.BatchNormalization(),
                L.LeakyReLU(),
                L.MaxPooling2D(),
                keras.Sequential([L.Conv2D(5, 2), L.PReLU(shared_axes=[1, 2])], name="inner"),
                L.Flatten(),
                L.Dropout(0.5),
                L.Dense(4, activation="softmax"),
            ]
        ),
        (2, 6, 7, 3),
        why="a whole Sequential file",
    )
]
