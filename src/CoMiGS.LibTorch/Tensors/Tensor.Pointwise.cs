namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The absolute value.</summary>
        public Tensor abs() => Call("abs", this);

        /// <summary>The absolute value, in place.</summary>
        public Tensor abs_() => InPlace("abs_", this);

        /// <summary>e to the power of each element.</summary>
        public Tensor exp() => Call("exp", this);

        /// <summary>e to the power of each element, in place.</summary>
        public Tensor exp_() => InPlace("exp_", this);

        /// <summary>exp(x) - 1, exact near zero.</summary>
        public Tensor expm1() => Call("expm1", this);

        /// <summary>exp(x) - 1, exact near zero, in place.</summary>
        public Tensor expm1_() => InPlace("expm1_", this);

        /// <summary>2 to the power of each element.</summary>
        public Tensor exp2() => Call("exp2", this);

        /// <summary>2 to the power of each element, in place.</summary>
        public Tensor exp2_() => InPlace("exp2_", this);

        /// <summary>The natural logarithm.</summary>
        public Tensor log() => Call("log", this);

        /// <summary>The natural logarithm, in place.</summary>
        public Tensor log_() => InPlace("log_", this);

        /// <summary>log(1 + x), exact near zero.</summary>
        public Tensor log1p() => Call("log1p", this);

        /// <summary>log(1 + x), exact near zero, in place.</summary>
        public Tensor log1p_() => InPlace("log1p_", this);

        /// <summary>The logarithm to base 2.</summary>
        public Tensor log2() => Call("log2", this);

        /// <summary>The logarithm to base 2, in place.</summary>
        public Tensor log2_() => InPlace("log2_", this);

        /// <summary>The logarithm to base 10.</summary>
        public Tensor log10() => Call("log10", this);

        /// <summary>The logarithm to base 10, in place.</summary>
        public Tensor log10_() => InPlace("log10_", this);

        /// <summary>The square root.</summary>
        public Tensor sqrt() => Call("sqrt", this);

        /// <summary>The square root, in place.</summary>
        public Tensor sqrt_() => InPlace("sqrt_", this);

        /// <summary>One over the square root.</summary>
        public Tensor rsqrt() => Call("rsqrt", this);

        /// <summary>One over the square root, in place.</summary>
        public Tensor rsqrt_() => InPlace("rsqrt_", this);

        /// <summary>1 / x.</summary>
        public Tensor reciprocal() => Call("reciprocal", this);

        /// <summary>1 / x, in place.</summary>
        public Tensor reciprocal_() => InPlace("reciprocal_", this);

        /// <summary>The sine.</summary>
        public Tensor sin() => Call("sin", this);

        /// <summary>The sine, in place.</summary>
        public Tensor sin_() => InPlace("sin_", this);

        /// <summary>The cosine.</summary>
        public Tensor cos() => Call("cos", this);

        /// <summary>The cosine, in place.</summary>
        public Tensor cos_() => InPlace("cos_", this);

        /// <summary>The tangent.</summary>
        public Tensor tan() => Call("tan", this);

        /// <summary>The tangent, in place.</summary>
        public Tensor tan_() => InPlace("tan_", this);

        /// <summary>The hyperbolic tangent.</summary>
        public Tensor tanh() => Call("tanh", this);

        /// <summary>The hyperbolic tangent, in place.</summary>
        public Tensor tanh_() => InPlace("tanh_", this);

        /// <summary>1 / (1 + exp(-x)).</summary>
        public Tensor sigmoid() => Call("sigmoid", this);

        /// <summary>1 / (1 + exp(-x)), in place.</summary>
        public Tensor sigmoid_() => InPlace("sigmoid_", this);

        /// <summary>The error function.</summary>
        public Tensor erf() => Call("erf", this);

        /// <summary>The error function, in place.</summary>
        public Tensor erf_() => InPlace("erf_", this);

        /// <summary>max(0, x).</summary>
        public Tensor relu() => Call("relu", this);

        /// <summary>max(0, x), in place.</summary>
        public Tensor relu_() => InPlace("relu_", this);

        /// <summary>x * sigmoid(x).</summary>
        public Tensor silu() => Call("silu", this);

        /// <summary>x * sigmoid(x), in place.</summary>
        public Tensor silu_() => InPlace("silu_", this);

        /// <summary>The largest integer not above.</summary>
        public Tensor floor() => Call("floor", this);

        /// <summary>The largest integer not above, in place.</summary>
        public Tensor floor_() => InPlace("floor_", this);

        /// <summary>The smallest integer not below.</summary>
        public Tensor ceil() => Call("ceil", this);

        /// <summary>The smallest integer not below, in place.</summary>
        public Tensor ceil_() => InPlace("ceil_", this);

        /// <summary>The integer part.</summary>
        public Tensor trunc() => Call("trunc", this);

        /// <summary>The integer part, in place.</summary>
        public Tensor trunc_() => InPlace("trunc_", this);

        /// <summary>-1, 0 or 1.</summary>
        public Tensor sign() => Call("sign", this);

        /// <summary>-1, 0 or 1, in place.</summary>
        public Tensor sign_() => InPlace("sign_", this);

        /// <summary>x * x.</summary>
        public Tensor square() => Call("square", this);

        /// <summary>Rounds to even, to a number of decimals.</summary>
        public Tensor round(long decimals = 0) => Call("round.decimals", this, decimals);

        /// <summary>Rounds in place.</summary>
        public Tensor round_(long decimals = 0) => InPlace("round_.decimals", this, decimals);

        /// <summary>x * Phi(x), Phi being the normal distribution function.</summary>
        public Tensor gelu() => Call("gelu", this);

        /// <summary>gelu, exact or by its tanh approximation.</summary>
        public Tensor gelu(Modules.GELU.Approximate approximate) => Call("gelu", this, approximate.ToString());

        /// <summary>gelu in place.</summary>
        public Tensor gelu_() => InPlace("gelu_", this);

        /// <summary>gelu in place, exact or by its tanh approximation.</summary>
        public Tensor gelu_(Modules.GELU.Approximate approximate) => InPlace("gelu_", this, approximate.ToString());

        /// <summary>log(1 + exp(beta x)) / beta, linear above the threshold.</summary>
        public Tensor softplus(double beta = 1, double threshold = 20) => Call("softplus", this, beta, threshold);

        /// <summary>exp(x) over its sum along a dimension.</summary>
        public Tensor softmax(long dim, ScalarType? dtype = null) => Call("softmax.int", this, dim, dtype);

        /// <summary>The logarithm of softmax along a dimension.</summary>
        public Tensor log_softmax(long dim, ScalarType? dtype = null) => Call("log_softmax.int", this, dim, dtype);

        /// <summary>Which elements are finite.</summary>
        public Tensor isfinite() => Call("isfinite", this);

        /// <summary>Which elements are infinite.</summary>
        public Tensor isinf() => Call("isinf", this);

        /// <summary>Which elements are no numbers.</summary>
        public Tensor isnan() => Call("isnan", this);
    }
}
