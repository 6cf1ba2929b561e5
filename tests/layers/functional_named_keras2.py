L = keras.layers


def whole():
    inputs = {"wide": keras.Input((5,), name="wide"), "deep": keras.Input((3,), name="deep")}
    deep = L.Dense(4, activation="relu", name="first")(inputs["deep"])
    joined = L.Concatenate()([inputs["wide"], deep])
    return keras.Model(inputs, {"z": L.Dense(2, name="z")(joined), "a": L.Dense(1, name="a")(deep)})


MODEL = whole()
CASES = [
    case(
        MODEL,
        [tuple(2 if size is None else size for size in tensor.shape) for tensor in MODEL.inputs],
        why="inputs and outputs in dictionaries: the order is that of the sorted keys",
    )
]
