L = keras.layers


def block():
    return keras.Sequential([L.Dense(4, activation="relu"), L.Dense(3)])


def image():
    return keras.Sequential([keras.Input((5, 6, 2)), L.Conv2D(3, 3), L.BatchNormalization(), L.ReLU(), L.Flatten()])


SHARED = block()
CASES = [
    case(block(), (2, 5), why="layers inside a layer"),
    case(image(), (2, 5, 6, 2), why="with its own input"),
    case(keras.Sequential([keras.Input((5,)), block(), keras.Sequential([L.Dense(2)])]), (2, 5), why="two levels"),
    case(lambda a, b: L.Add()([SHARED(a), SHARED(b)]), [(2, 5), (2, 5)], why="called twice, same weights"),
    case(lambda x: L.Concatenate()([block()(x), block()(x)]), (2, 5), why="two with equal layers, own weights"),
    case(keras.Sequential([L.Dropout(0.5), L.Activation("tanh")]), (2, 5), why="no weights"),
]
