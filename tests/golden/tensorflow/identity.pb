
L
	case0/in0Placeholder*
dtype0*%
shape:ÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿ
(
IdentityIdentity	case0/in0*
T0
/
StopGradientStopGradientIdentity*
T0
-

case0/out0IdentityStopGradient*
T0
L
	case1/in0Placeholder*
dtype0*%
shape:ÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿ
?
	case1/in1Placeholder*
dtype0	*
shape:ÿÿÿÿÿÿÿÿÿ
9
	IdentityN	IdentityN	case1/in0	case1/in1*
T
2	
*

case1/out0Identity	IdentityN*
T0
,

case1/out1IdentityIdentityN:1*
T0	
L
	case2/in0Placeholder*
dtype0*%
shape:ÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿÿ
L
EnsureShapeEnsureShape	case2/in0*
T0*
shape:ÿÿÿÿÿÿÿÿÿ
,

case2/out0IdentityEnsureShape*
T0
?
	case3/in0Placeholder*
dtype0*
shape:ÿÿÿÿÿÿÿÿÿ
*

Identity_1Identity	case3/in0*
T0
+

case3/out0Identity
Identity_1*
T0