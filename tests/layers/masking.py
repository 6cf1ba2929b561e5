L = keras.layers
STEPS = np.random.default_rng(1).normal(0.0, 1.0, (2, 5, 3))
STEPS[0, 3:] = 0.0
STEPS[1, 1] = 0.0
STEPS[1, 2, 0] = 0.0  # one zero does not mask a step
NINES = np.where(STEPS == 0.0, -9.0, STEPS)
NINES[0, 0, 1] = 0.0
CASES = [
    case(L.Masking(), (2, 5, 3), inputs=[STEPS], why="masked steps are zero"),
    case(L.Masking(mask_value=-9.0), (2, 5, 3), inputs=[NINES], why="masked steps become zero"),
    case(L.Masking(mask_value=0.25), (2, 5, 3), inputs=[STEPS], why="nothing is masked"),
    case(
        lambda x: L.Dense(4)(L.Masking(mask_value=-9.0)(x)),
        (2, 5, 3),
        inputs=[NINES],
        why="a layer after it computes the masked steps from zeros",
    ),
]
REJECTED = [reject({"mask_value": "none"}, "bad_config")]
