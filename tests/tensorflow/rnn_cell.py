raw = tf.raw_ops
N = dict(cs_prev=(2, 4), h_prev=(2, 4), w=(7, 16), wci=(4,), wcf=(4,), wco=(4,), b=(16,))


def cell(peephole, clip):
    return lambda x, *rest: list(raw.LSTMBlockCell(x=x, **dict(zip(N, rest)), use_peephole=peephole, cell_clip=clip, forget_bias=2.0))


def block(op, **attrs):
    return lambda x, *rest: list(getattr(raw, op)(seq_len_max=tf.constant(3, tf.int64), x=x, **dict(zip(N, rest)), **attrs))


CASES = [
    case(cell(False, -1.0), (2, 3), *N.values()),
    case(cell(True, 0.5), (2, 3), *N.values()),
    case(block("BlockLSTM", use_peephole=True), (4, 2, 3), *N.values()),
    case(block("BlockLSTMV2"), (4, 2, 3), *N.values()),
    case(lambda x, h, a, b, c, d: list(raw.GRUBlockCell(x=x, h_prev=h, w_ru=a, w_c=b, b_ru=c, b_c=d)),
         (2, 3), (2, 4), (7, 8), (7, 4), (8,), (4,)),
]
