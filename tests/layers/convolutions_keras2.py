# Convolutions and pooling as Keras 2 writes them.
L = keras.layers
S = (2, 11, 3)
P = (2, 6, 7, 3)
V = (2, 3, 4, 5, 2)
CASES = [
    case(L.Conv1D(4, 3, padding="causal", dilation_rate=2), S, why="Conv1D, causal"),
    case(L.Conv1D(4, 3, strides=2, padding="same", activation="relu"), S, why="Conv1D"),
    case(L.Conv1DTranspose(3, 3, strides=2, padding="same"), S, why="Conv1DTranspose"),
    case(L.SeparableConv1D(4, 3, padding="causal", dilation_rate=2), S, why="SeparableConv1D, causal"),
    case(L.DepthwiseConv1D(3, depth_multiplier=2), S, why="DepthwiseConv1D"),
    case(L.Conv2D(5, 3, strides=2, padding="same", activation="elu"), P, why="Conv2D"),
    case(L.Conv2D(4, (2, 3), dilation_rate=2, use_bias=False), P, why="Conv2D, dilation"),
    case(L.Conv2D(4, 3, data_format="channels_first"), (2, 3, 6, 7), why="Conv2D, channels_first"),
    case(L.Conv2DTranspose(4, 3, strides=2, padding="same", output_padding=1), P, why="Conv2DTranspose"),
    case(L.Conv2DTranspose(2, 2, strides=2), P, why="Conv2DTranspose, valid"),
    case(L.DepthwiseConv2D(3, strides=2, padding="same"), P, why="DepthwiseConv2D"),
    case(L.SeparableConv2D(4, 3, depth_multiplier=2, padding="same"), P, why="SeparableConv2D"),
    case(L.Conv3D(3, 2, strides=(1, 2, 1), padding="same"), V, why="Conv3D"),
    case(L.Conv3DTranspose(3, 2, strides=2), V, why="Conv3DTranspose"),
    case(L.MaxPooling1D(3, strides=2, padding="same"), S, why="MaxPooling1D"),
    case(L.AveragePooling1D(2), S, why="AveragePooling1D"),
    case(L.MaxPooling2D(), P, why="MaxPooling2D"),
    case(L.AveragePooling2D(3, strides=2, padding="same"), P, why="AveragePooling2D"),
    case(L.MaxPooling3D(2, padding="same"), V, why="MaxPooling3D"),
    case(L.AveragePooling3D(2), V, why="AveragePooling3D"),
    case(L.GlobalAveragePooling1D(), S, why="GlobalAveragePooling1D"),
    case(L.GlobalMaxPooling2D(keepdims=True), P, why="GlobalMaxPooling2D"),
    case(L.GlobalAveragePooling2D(data_format="channels_first"), P, why="GlobalAveragePooling2D, channels_first"),
    case(L.GlobalMaxPooling3D(), V, why="GlobalMaxPooling3D"),
]
