
Y
	case0/in0Placeholder*
dtype0*2
shape):'ÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿ
?
	case0/in1Placeholder*
dtype0*
shape:ÿÿÿÿÿÿÿÿÿ
H
BiasAddBiasAdd	case0/in0	case0/in1*
T0*
data_formatNHWC
(

case0/out0IdentityBiasAdd*
T0
f
	case1/in0Placeholder*
dtype0*?
shape6:4ÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿ
?
	case1/in1Placeholder*
dtype0*
shape:ÿÿÿÿÿÿÿÿÿ
J
	BiasAdd_1BiasAdd	case1/in0	case1/in1*
T0*
data_formatNCHW
*

case1/out0Identity	BiasAdd_1*
T0
L
	case2/in0Placeholder*
dtype0*%
shape:ÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿ
?
	case2/in1Placeholder*
dtype0*
shape:ÿÿÿÿÿÿÿÿÿ
5
	BiasAddV1	BiasAddV1	case2/in0	case2/in1*
T0
*

case2/out0Identity	BiasAddV1*
T0