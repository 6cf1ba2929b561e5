BYTES = np.array([[b"abcdefgh", b"12345678"], [b"\x01\x02\x03\x04\x05\x06\x07\x7f", b"ABCDEFGH"]])

CASES = [
    *[case(lambda x, t=t, e=e: tf.io.decode_raw(x, t, e), BYTES)
      for t in [tf.uint8, tf.int16, tf.int32, tf.int64, tf.float64] for e in [True, False]],
    case(lambda x: tf.io.decode_raw(x, tf.uint16, fixed_length=6), np.array([b"abcdefgh", b"a", b""])),
    case(lambda x: tf.io.decode_raw(x, tf.int32, fixed_length=12, little_endian=False), np.array([b"abcdefgh", b"abc"])),
    *[case(lambda x, p=p: tf.io.encode_base64(x, p), np.array([b"", b"a", b"ab", b"abc", b"\xff\xfe\xfd\xfc?>"])) for p in [True, False]],
    case(lambda x: tf.io.decode_base64(x), np.array([b"", b"YQ", b"YQ==", b"YWI", b"YWJj", b"__79_D8-"])),
    case(lambda x: tf.strings.to_hash_bucket_strong(x, 1 << 40, [123, 456]),
         np.array([b"", b"a", b"abcdefg", b"abcdefgh", b"abcdefghi" * 5])),
]
