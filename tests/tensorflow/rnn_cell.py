raw = tf.raw_ops
N = dict(cs_prev=(2, 4), h_prev=(2, 4), w=(7, 16), wci=(4,), wcf=(4,), wco=(4,), b=(16,))


def cell(peephole, clip):
    return lambda x, *rest: list(raw.LSTMBlockCell(x=x, **dict(zip(N, rest, strict=True)), use_peephole=peephole, cell_clip=clip, forget_bias=2.0))


# Of the steps behind seq_len_max TensorFlow sets cs and h only.
def block(op, steps, **attrs):
    def run(x, *rest):
        out = getattr(raw, op)(seq_len_max=tf.constant(steps, tf.int64), x=x, **dict(zip(N, rest, strict=True)), **attrs)
        return [out.cs, out.h] if steps < 4 else list(out)
    return run


CASES = [
    case(cell(False, -1.0), (2, 3), *N.values()),
    case(cell(True, 0.5), (2, 3), *N.values()),
    case(block("BlockLSTM", 3, use_peephole=True), (4, 2, 3), *N.values()),
    case(block("BlockLSTMV2", 3), (4, 2, 3), *N.values()),
    case(block("BlockLSTMV2", 4, cell_clip=0.3), (4, 2, 3), *N.values()),
    case(lambda x, h, a, b, c, d: list(raw.GRUBlockCell(x=x, h_prev=h, w_ru=a, w_c=b, b_ru=c, b_c=d)),
         (2, 3), (2, 4), (7, 8), (7, 4), (8,), (4,)),
]
