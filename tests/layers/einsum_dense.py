L = keras.layers
E = L.EinsumDense
CASES = [
    case(E("ab,bc->ac", output_shape=5, bias_axes="c"), (2, 7), why="dense"),
    case(E("ab,bc->ac", output_shape=5), (2, 7), why="no bias"),
    case(E("abc,cd->abd", output_shape=(None, 6), bias_axes="d", activation="relu"), (2, 3, 4), why="dense on steps"),
    case(E("abc,cde->abde", output_shape=(None, 2, 5), bias_axes="de"), (2, 3, 4), why="attention: into heads"),
    case(E("abcd,cde->abe", output_shape=(None, 7), bias_axes="e"), (2, 3, 2, 5), why="attention: out of heads"),
    case(E("abc,bd->adc", output_shape=(6, 4), bias_axes="d"), (2, 3, 4), why="contracts the middle: token mixing"),
    case(E("abc,bd->acd", output_shape=(4, 6), bias_axes="cd"), (2, 3, 4), why="transposed output, bias of two axes"),
    case(E("...x,xy->...y", output_shape=5, bias_axes="y"), (2, 3, 4), why="any leading axes"),
    case(E("...x,xy->...y", output_shape=5, bias_axes="y"), (2, 7), why="no leading axes but the batch"),
    case(E("abc,dc->abd", output_shape=(None, 6)), (2, 3, 4), why="kernel the other way round"),
    case(E("ab,b->ab", output_shape=7), (2, 7), why="elementwise"),
    case(E("abc,abd->acd", output_shape=(4, 2)), (2, 3, 4), declared=(2, 3, 4), why="kernel has the batch axis"),
    case(E("abc,cd->abd", output_shape=(None, 19)), (2, 5, 37), declared=(None, None, 37), why="unknown length"),
]
REJECTED = [
    reject({"equation": "ab,bc"}, "bad_config"),
    reject({"equation": "ab->ac"}, "bad_config"),
    reject({"equation": "abc,cd->abd"}, "bad_config"),
    reject({"equation": ""}, "bad_config"),
    reject({"bias_axes": "z"}, "bad_config"),
]
