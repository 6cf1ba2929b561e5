raw = tf.raw_ops
TEXT = np.array(["aé€😁".encode(), b"", b"x\xff\xe2\x82y\xf0\x9f\x98", b"\xc0\xaf\xed\xa0\x80\xf4\x90\x80\x80z\x01"])
WIDE = {"UTF-16-BE": "aé€😁".encode("utf-16-be"), "UTF-32-BE": "aé€😁".encode("utf-32-be"), "ISO-8859-1": "aé".encode("latin-1"),
        "US-ASCII": b"a\x80b"}

CASES = [
    *[case(lambda x, o=o: list(raw.UnicodeDecode(input=x, input_encoding="UTF-8", **o)), TEXT, why=str(o))
      for o in [{}, {"errors": "ignore"}, {"replacement_char": 63, "replace_control_characters": True}, {"Tsplits": tf.int32}]],
    *[case(lambda x, o=o: list(raw.UnicodeDecodeWithOffsets(input=x, input_encoding="UTF-8", **o)), TEXT, why=str(o))
      for o in [{}, {"errors": "ignore"}, {"errors": "ignore", "replace_control_characters": True}]],
    *[case(lambda x, e=e: list(raw.UnicodeDecodeWithOffsets(input=x, input_encoding=e)), np.array([text]), why=e)
      for e, text in WIDE.items()],
    *[case(lambda x, s, o=o: raw.UnicodeEncode(input_values=x, input_splits=s, output_encoding="UTF-8", **o),
           np.array([97, 0xE9, 0x20AC, 0x1F600, 0xD800, 0x110000, 98], np.int32), np.array([0, 2, 2, 7], np.int64), why=str(o))
      for o in [{}, {"errors": "ignore"}, {"replacement_char": 63}]],
    *[case(lambda x, s, e=e: raw.UnicodeEncode(input_values=x, input_splits=s, output_encoding=e),
           np.array([97, 0xE9, 0x20AC, 0x1F601], np.int32), np.array([0, 4], np.int32), why=e) for e in ["UTF-16-BE", "UTF-32-BE"]],
    *[case(lambda x, e=e, o=o: raw.UnicodeTranscode(input=x, input_encoding="UTF-8", output_encoding=e, **o), TEXT, why=e)
      for e in ["UTF-8", "UTF-16-BE", "UTF-32-BE"] for o in [{}, {"errors": "ignore"}]],
    case(lambda x: raw.UnicodeTranscode(input=x, input_encoding="UTF-16-BE", output_encoding="UTF-8"),
         np.array([WIDE["UTF-16-BE"], b"\xd8\x01\x00a", b"\xdc\x01\x00a\x01"])),
]
