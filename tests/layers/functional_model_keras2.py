L = keras.layers


def encoder():
    x = keras.Input((5,), name="features")
    hidden = L.Dense(4, activation="tanh", name="hidden")(x)
    return keras.Model(x, [L.Dense(3, name="mean")(hidden), L.Dense(3, name="spread")(hidden)], name="encoder")


def whole():
    first, second, image = (
        keras.Input((5,), name="b"),
        keras.Input((5,), name="a"),
        keras.Input((4, 4, 2), name="image"),
    )
    shared = encoder()
    mean, spread = shared(first)
    other, _ = shared(second)
    seen = L.GlobalAveragePooling2D()(L.Conv2D(3, 3, name="conv")(image))
    joined = L.Concatenate(name="joined")([mean, other, seen])
    score = L.Dense(1, activation="sigmoid", name="score")(joined)
    return keras.Model([first, second, image], [L.Multiply()([spread, mean]), score, other], name="whole")


CASES = [
    case(
        whole(),
        [(2, 5), (2, 5), (2, 4, 4, 2)],
        why="inputs not in the order of their names, a nested model with two outputs, called twice",
    )
]
