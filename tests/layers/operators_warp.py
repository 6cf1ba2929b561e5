# keras.ops that look at images from elsewhere, compare them, and put sound together again.
o = keras.ops
N = np.random.default_rng(11)
IMAGES = (2, 5, 6, 3)
TURN = [0.8, -0.3, 0.7, 0.25, 0.9, -0.4, 0.01, -0.02]
TURNS = [TURN, [1.1, 0.1, -2.5, 0.0, 1.3, 1.5, 0.0, 0.0]]
START = np.array([[0, 0], [5, 0], [0, 4], [5, 4]], "float32")
END = np.array([[0.5, 0.2], [4, 0.5], [0.2, 3.5], [4.5, 4.5]], "float32")
PLACES = N.uniform(-3, 7, (3, 4, 2)).astype("float32")
INSIDE = N.uniform(-0.9, 0.9, (2, 7)).astype("float32")


def affine(why, **options):
    return case(lambda x: o.image.affine_transform(x, np.array(TURNS, "float32"), **options), IMAGES, why=why)


def at(places, order, mode, shape=(2, 3, 5), dtype="float32"):
    return case(lambda x: o.image.map_coordinates(x, places, order, fill_mode=mode, fill_value=2), shape, declared=shape, dtype=dtype, why=f"map_coordinates, {order} {mode}")  # fmt: skip


def spectra(why, **options):
    settings = {"sequence_length": 8, "sequence_stride": 3, "fft_length": 8} | options
    bins = settings["fft_length"] // 2 + 1
    return case(lambda a, b: o.istft((a, b), **settings), [(2, 6, bins), (2, 6, bins)], why=f"istft, {why}")


CASES = [
    *[affine(f"affine, {way} {mode}", interpolation=way, fill_mode=mode, fill_value=0.5) for way in ["nearest", "bilinear"] for mode in ["constant", "nearest", "wrap", "reflect"]],
    case(lambda x: o.image.affine_transform(x, np.array(TURN, "float32"), data_format="channels_first"), (2, 3, 5, 6), why="affine, one for all, channels first"),
    case(lambda x, t: o.image.affine_transform(x, t), [IMAGES, (2, 8)], inputs=[N.normal(size=IMAGES), TURNS], why="affine, transforms computed"),
    case(lambda x: o.image.perspective_transform(x, START, END, fill_value=1), IMAGES, why="perspective"),
    case(lambda x, s, e: o.image.perspective_transform(x, s, e, interpolation="nearest"), [IMAGES, (2, 4, 2), (2, 4, 2)], inputs=[N.normal(size=IMAGES), [START, START + 1], [END, END]], why="perspective, points computed"),
    *[at(PLACES, order, mode) for order in [0, 1] for mode in ["constant", "nearest", "wrap", "reflect"]],
    at(INSIDE, 1, "mirror", shape=(2, 3)),
    at(PLACES, 1, "nearest", dtype="int32"),
    *[case(lambda x, m=m, a=a: o.image.scale_and_translate(x, (2, 7, 4, 3), np.array([1.3, 0.7], "float32"), np.array([0.5, -0.3], "float32"), (1, 2), m, a), IMAGES, declared=IMAGES, why=f"scale_and_translate, {m}") for m in ["linear", "cubic", "lanczos3", "lanczos5"] for a in [True, False]],
    case(lambda a, b: o.image.ssim(a, b), [(2, 13, 12, 3), (2, 13, 12, 3)], why="ssim", tol=1e-4),
    case(lambda a, b: o.image.ssim(a, b, max_val=2, filter_size=3, filter_sigma=0.8, k1=0.1, k2=0.2, data_format="channels_first"), [(2, 3, 5, 6), (2, 3, 5, 6)], why="ssim, channels first"),
    spectra("hann", sequence_stride=2),
    spectra("hamming, not centred", window="hamming", center=False),
    spectra("no window", window=None),
    spectra("a length, a longer transform", fft_length=12, length=11),
]
