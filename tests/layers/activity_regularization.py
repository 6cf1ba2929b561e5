L = keras.layers
CASES = [
    case(L.ActivityRegularization(l1=0.1), (2, 7), why="values pass through"),
    case(L.ActivityRegularization(l1=0.1, l2=0.2), (2, 3, 5)),
]
REJECTED = [reject({"l1": "much"}, "bad_config")]
