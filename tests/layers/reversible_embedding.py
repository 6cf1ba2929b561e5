L = keras.layers
IDS = (2, 5)


def there_and_back(layer, **back):
    return lambda ids: layer(layer(ids), reverse=True, **back)


CASES = [
    case(L.ReversibleEmbedding(7, 4), IDS, dtype="int32", high=7),
    case(there_and_back(L.ReversibleEmbedding(7, 4)), IDS, dtype="int32", high=7, why="one table for both ways"),
    case(there_and_back(L.ReversibleEmbedding(7, 4, tie_weights=False)), IDS, dtype="int32", high=7, why="a table for each way"),
    case(there_and_back(L.ReversibleEmbedding(7, 4, logit_soft_cap=0.5)), IDS, dtype="int32", high=7, why="soft cap"),
    case(there_and_back(L.ReversibleEmbedding(7, 4, reverse_dtype="float16")), IDS, dtype="int32", high=7, why="logits in float16"),
    case(
        lambda ids: L.GlobalAveragePooling1D()(L.ReversibleEmbedding(7, 4, mask_zero=True)(ids)),
        IDS,
        dtype="int32",
        high=7,
        why="zeros are masked",
    ),
]
REJECTED = [reject({"input_dim": 0}, "bad_config"), reject({"tie_weights": "yes"}, "bad_config")]
