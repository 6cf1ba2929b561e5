import base64
import struct

raw = tf.raw_ops
rng = np.random.default_rng(5)
# Smooth colours with an edge, so that scaling and the transforms of JPEG matter.
rows, columns = np.mgrid[0:19, 0:21]
RGB = np.stack([rows * 11 % 256, columns * 9, (rows + columns) * 5 % 200], -1).astype(np.uint8)
RGB[4:9, 7:15] = [250, 20, 130]
GREY = RGB[..., :1]
ALPHA = np.concatenate([RGB, GREY], -1)
WIDE = rng.integers(0, 65536, (3, 4, 3)).astype(np.uint16)

# Kinds that TensorFlow does not write: parts of RGB, by Pillow 12; base 85.
FILES = {name: base64.b85decode(text) for name, text in {
    "palette":
        "iBL{Q4GJ0x0000DNk~Le0000L0000J1Oos70F7W<xBvhE6;Mo6MU|eLES_wjV}LGWOwu59r3p|x9xTzD<^})&08&XrK~#90jm*0V"
        "fIt*P(c`kY*n!pAtzZRW2fGdEGw=rn;zSqb&NKr?%py6m;bJe&*gDn^=WCk^b5t1$?Lscc-"
        "`}5v>EY;aj(T}1Drd0+hSw9n?9@A=00000NkvXXu0mjf",
    "transparent palette":
        "iBL{Q4GJ0x0000DNk~Le0000L0000J1Oos70F7W<xBvhE6;Mo6MU|eLES_wjV}LGWOwu59r3p|x9xTzD<^})&00VSVPE-"
        "H?0N2V5K>z>%Qb|NXRCt_?%)1GIKomsL<FdKffz{cqU<G0ayA9|w@COFsL>K1HGy_J=A~~|*VlU3vI@S;8YnuvlR2d5GLN3SO-"
        "=Bo(;plIUdU+`-XR!l@*Au_&)H|X80000<MNUMnLSTX",
    "one bit":
        "iBL{Q4GJ0x0000DNk~Le0000L0000J0RR9109Q48CIA2cA4x<(RCt_YU_b+m{}`AU7*H?+0|Nu&e}<pv;^-"
        "Ivf87HSgVPeY00000NkvXXu0mjf",
    "transparent colour":
        "iBL{Q4GJ0x0000DNk~Le0000L000092m$~A08(M_ApigX26R$RQvmt^6aa#ByQa+m001mWL_t(|oMU8QU|`^6B^$ADGq5sHfCi`j"
        "b5{cxumPjuyF}WL9bhUR>iPka`v<O91PJQ@0000<MNUMnLSTX",
    "interlaced":
        "iBL{Q4GJ0x0000DNk~Le0000A000092m$~A0rSHe(f|Me%t=H+RCt^{O}nbZAQYTt3u6%w5kwF~3ky$U;b{V4EiP#+()m62v$xt;"
        "*y-jCyl`Yp<cIzTlEzFM3Uo<dMJ;F^MfuVyrmD03!C)~;o8(Q)=BViKUFDu?Z`-"
        "FNZg4BeVvjfpMy$qJL(%MHPDT;7xLAl@;dj1^*d2A^i%&t*@ud63C2mqIQmxWynXDu)Ta<g22g$P{U=2bCWrOn}#XvbU3VRI)hjR"
        "nNvhb`TyUdB0D!1$DJw6bJ$V1U^btE3NjduUpPX+!r=cxv0hX4Qo07*qoM6N<$f&",
    "4:2:2":
        "|JeWF01!$>Nk#wx0RR9200961|JwjV00;&K2L=TQ2L}fU2?z=d6b%du3k(?&6Au&}8Xq1V8XO!TBrYc)A}k{u94I#_EHE)NG&CP4"
        "IXyTsJT5adGXL8ELjeg12@DGi7!3^=G9erxGBPqUGBPqUGBPqUGBPqUGBPqUGBPqUGBPqUGBPqUGBPqUGBPqUGBPqUGBPqUGBW?b"
        "01*fP2>=xX0U-"
        "ba5di}c0sq7R9{>OW1pxs80RaI300000000010s{mE1_uZU3Jd?l0JRVR0s#X90t5pE1q1{D00Dgg0s{a95d{(<F+m0sQDFxnaTG"
        "Fvk)a49Lb1UWQqk}vGh%Xr2?`b$7#SKRCMPH<Dl|1VH#j*uLqtVJM@UIZQ&d$}S6EqEV`OD!XJ~0^b98lfcX)YvgM@{Khlq)al9Q"
        "B`mY0~BnxdnmrKYE-sj9NGw6(UkxVgH*!^FkL$H>Xb($mz{*4NnC+Tr5k<mKk)=;`Y5^7Hid_V@Vt`v1fL9{~UZ0RaI40RaI40RR"
        "91000010s{mE1_uZU3Jd?l0JRYS0s#U91Oo&I1q1{D0Rndb0RjUN1O*{61`<J02Vrp&A~Jyp6he`qvB3!=Gg9ysVsg<679=#`CGi"
        "&+85$-hC@Cs6Ha9pqIzvQ7Mn_0VN>fx-"
        "R##YAT4Q8oW@l(=YIAgTc6WGrdV+(5g@%WSiHeewl$Dm3n3<ZQqok##r>Lo_va__cwzs&sy28W6#m2|T$;#5x)YaD4*xB0R<K*S$"
        "=jiF`^7Hid_V@Vt`v2Mh3<CiG0ucid06zfoJtoJ@mNYzWU^9-"
        "D+FI$00Rw*T_zo)7E@au?4jowfRVq31^7&r+U%EOwOF!LoqPeVoaXc@)&pXlo0OR5x_lNVY!awz?{_w8oY|q?s&-ZHo06)m-"
        "tv}UKT!-XS_?iFN",
    "cmyk":
        "|JeWT01iQ9Z(?NtWB>pF0095n07C!>1_lQP1qcTR2MGxX3Jeqt3=0bk84?o@6df8L9vvDS93UhvCm<p$BODwkHz_PIF*GzZA166I"
        "I5IpgGc+>)zyK5o00{sU1Va%3O%VWD5dcdO0RO}Q9{>OW1pxs80RaI300000000010s{mE1_uZU3Jd?l0JRVR0s#X90t5pE1q1{D"
        "00Dgg0s{a95d{(<F+m0sQDFxnaTGFvk)a49Lb1UWQqk}vGh%Xr2?`b$7#SKRCMPH<Dl|1VH#j*uLqtVJM@UIZQ&d$}S6EqEV`OD!"
        "XJ~0^b98lfcX)YvgM@{Khlq)al9QB`mY0~BnxdnmrKYE-sj9NGw6(UkxVgH*!^FkL$H>Xb($mz{*4NnC+Tr5k<mKk)=;`Y5^7Hid"
        "_V@Vt`v2Mh4g^C0O#oQ{O8@{r0QB8k#pg`XueAWaX|=bKVIJ+f_Ni=VoM#<zUd5{?n=p?!+`)6{n)QueRPrsRn0(t1w%p@58Lv&%"
        "yk2z88v9TS=9^o2CK2x2ziO7odB$<q73UgH?FTletk~)2!~RgZxQ-Ji+jnf-"
        "!E=u+XBp|5<@LV`{{Wy}U46IxR81z|E3N@J&TEE~#P4$;Q*X0z#(d1<^shM5e`q<iJ!Z#GJ|FUh)x>a_KHIxy<_ny8V>r)D*Qx&i"
        "!bASw>s~jgf5*j8xxfAATJ=BpNPpY?YtDR2{{SMcvHt*GGk@p?zK_&@<L*ED=s%rx`se(3-"
        "2VXACjLge=fuDAD(fHh<2U|*Yr%Xq{{SOakN*H)(EkAFVyo+a@&VL;>(*cW1lOOZ`o;Q+@Lvso$kn6&0N3<C`WUaHtLKeF{yr)jp"
        "Y@gWb$|ca",
    "GIF":
        "M@dFFH(?0?2mpcr0I3&UJsT?~AR`MlBMS}<000000000004x9i000R92mk;GC;$lv6gZ&ZfPn-"
        "I791!*fI@){8ybvA5deSy7&8X2s4*kQjvE041OOrV1OWg52mmYq0000900;nrZewX~J5%};f@5fBA!tcfI7TTrGD0mk2rB>$2sA*"
        "TU_pTb5-"
        "JpM;J`wK4Id^vP(Y%90u?1<48U=K#{nEU0vI_mAOIox1OWg52>>hr0000900;nsZdzn+GEVvwf<j|eLQP3lI7TTrGE*r$EGa7h00"
        "000000000000000000000002rB>)AV`qFfB^yn1_(4juwjCQ4hbHZ7%{=b0u?W248XAffR6w;as>G?AOJf",
    "SPARE":
        "M@dFFIbjI^2mpcr0I3&UJsT?}E-"
        "NPq7YjBc3l0qc0000003rDV1poj604x9i000R92mk;GEC34#6iA>Tfq?}K7DT9!z<`GX1W1$!F~CFs03HU|C=ug;jUWSH3<(lrKm"
        "Z~61O)&90RSum00IC500IDlsTW;68!II)D<=sT3pOJQ4h;YR000002nYZL2ow+?KtKRH",
    "INTERLACED":
        "M@dFFH(?b3699q$0F|DbES_wjV}LGWOwu59r3p|x9xMO=04x9i000#L697O6cmNFu94K&r!Gi_^C{##rAc2PvA1+*2pkl>`0y1jM"
        "2%w|Kh5{o-oT$*E$&DL5egtU%;X#rCSc-%QlcfQa9904^X%S~ml?7&EM5z;iO_vEt9z|Lcq)-"
        "A)8$ONNkf}nTJPY^~P&BJnpIv!w<*L)7NU%Bs0suP",
}.items()}


def png(array):
    return tf.io.encode_png(array).numpy()


def jpeg(array, **options):
    return tf.io.encode_jpeg(array, **options).numpy()


def bmp(array, top_down=False, colours=b""):
    """A BMP file; the width must fill rows to four bytes."""
    height, width, channels = array.shape
    lines = array if top_down else array[::-1]
    size = struct.pack("<ii", width, -height if top_down else height)
    start = 54 + len(colours)
    return (b"BM" + struct.pack("<IHHI", start + array.size, 0, 0, start) + struct.pack("<I", 40) + size +
            struct.pack("<HHIIIIII", 1, 8 * channels, 0, 0, 0, 0, 0, 0) + colours + lines.tobytes())


PNGS = {"rgb": png(RGB), "grey": png(GREY), "alpha": png(ALPHA), "grey and alpha": png(ALPHA[..., 2:]), "16 bits": png(WIDE),
        **{name: FILES[name] for name in ["palette", "transparent palette", "one bit", "transparent colour", "interlaced"]}}
JPEGS = {"4:2:0": jpeg(RGB), "4:4:4": jpeg(RGB, chroma_downsampling=False), "grey": jpeg(GREY, format="grayscale"),
         "progressive": jpeg(RGB, progressive=True), "4:2:2": FILES["4:2:2"], "cmyk": FILES["cmyk"]}
GIF, SPARE = FILES["GIF"], FILES["SPARE"]
BMP, TOP_DOWN, BMP4, BMP1 = bmp(RGB[:5, :8] + 1), bmp(RGB[:5, :8], True), bmp(ALPHA[:4, :5] + 1), bmp(GREY[:6, :8] + 1, colours=bytes(1024))

CASES = [
    *[case(lambda x, c=c, t=t: raw.DecodePng(contents=x, channels=c, dtype=t), file, why=name) for name, file in PNGS.items()
      for c, t in [(0, tf.uint8), (1, tf.uint8), (3, tf.uint16), (4, tf.uint8), (4, tf.uint16)]],
    *[case(lambda x, c=c: raw.DecodeJpeg(contents=x, channels=c), file, why=name) for name, file in JPEGS.items()
      for c in [0, 1, 3] if name != "cmyk" or c != 1],
    *[case(lambda x, o=o: raw.DecodeJpeg(contents=x, **o), JPEGS["4:2:0"], why=str(o))
      for o in [{"ratio": 2}, {"ratio": 4}, {"ratio": 8}, {"fancy_upscaling": False}, {"dct_method": "INTEGER_ACCURATE"}, {"dct_method": "INTEGER_FAST"}]],
    *[case(lambda x, w=w: raw.DecodeAndCropJpeg(contents=x, crop_window=w), JPEGS["4:2:0"], why=str(w)) for w in [[0, 0, 19, 21], [3, 5, 7, 9], [10, 18, 2, 3]]],
    case(lambda x: raw.ExtractJpegShape(contents=x), JPEGS["4:2:2"]),
    *[case(lambda x: raw.DecodeGif(contents=x), file, why=name) for name, file in [("gif", GIF), ("spare gif", SPARE), ("png", PNGS["rgb"]), ("jpeg", JPEGS["4:4:4"])]],
    *[case(lambda x, c=c: raw.DecodeBmp(contents=x, channels=c), file) for c, file in [(0, BMP), (3, BMP4), (4, BMP4), (0, BMP1), (3, BMP1), (4, BMP), (0, TOP_DOWN)]],
    *[case(lambda x, t=t, e=e: raw.DecodeImage(contents=x, dtype=t, expand_animations=e), file)
      for file, e in [(PNGS["rgb"], True), (PNGS["16 bits"], False), (JPEGS["4:2:0"], True), (GIF, True), (GIF, False), (BMP, False)]
      for t in [tf.uint8, tf.uint16, tf.float32]],
    case(lambda x: raw.DecodeImage(contents=x, channels=3), PNGS["alpha"]),
    case(lambda x: raw.DecodePng(contents=x), JPEGS["4:2:2"], why="a JPEG"),
    case(lambda x: raw.DecodeJpeg(contents=x), FILES["INTERLACED"], why="a GIF of one frame"),
    case(lambda x: tf.image.resize(tf.image.decode_png(x, 3), [5, 6]), PNGS["rgb"], why="resized"),
    case(lambda x: tf.map_fn(lambda y: tf.io.decode_jpeg(y, 3), x, tf.uint8), np.array([JPEGS["4:2:0"], JPEGS["4:4:4"]]), why="one by one"),
]
