namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>this + target.</summary>
        public Tensor add(Tensor target) => Call("add.Tensor", this, target);

        /// <summary>this + alpha * target.</summary>
        public Tensor add(Tensor target, Scalar alpha) => Call("add.Tensor", this, target, alpha);

        /// <summary>this + scalar.</summary>
        public Tensor add(Scalar scalar) => Call("add.Scalar", this, scalar);

        /// <summary>this + alpha * scalar.</summary>
        public Tensor add(Scalar scalar, Scalar alpha) => Call("add.Scalar", this, scalar, alpha);

        /// <summary>Adds in place.</summary>
        public Tensor add_(Tensor target) => InPlace("add_.Tensor", this, target);

        /// <summary>Adds alpha * target in place.</summary>
        public Tensor add_(Tensor target, Scalar alpha) => InPlace("add_.Tensor", this, target, alpha);

        /// <summary>Adds in place.</summary>
        public Tensor add_(Scalar scalar) => InPlace("add_.Scalar", this, scalar);

        /// <summary>Adds alpha * scalar in place.</summary>
        public Tensor add_(Scalar scalar, Scalar alpha) => InPlace("add_.Scalar", this, scalar, alpha);

        /// <summary>this - target.</summary>
        public Tensor sub(Tensor target) => Call("sub.Tensor", this, target);

        /// <summary>this - target.</summary>
        public Tensor sub(Scalar target) => Call("sub.Scalar", this, target);

        /// <summary>Subtracts in place.</summary>
        public Tensor sub_(Tensor target) => InPlace("sub_.Tensor", this, target);

        /// <summary>Subtracts in place.</summary>
        public Tensor sub_(Scalar target) => InPlace("sub_.Scalar", this, target);

        /// <summary>this * target.</summary>
        public Tensor mul(Tensor target) => Call("mul.Tensor", this, target);

        /// <summary>this * target.</summary>
        public Tensor mul(Scalar target) => Call("mul.Scalar", this, target);

        /// <summary>Multiplies in place.</summary>
        public Tensor mul_(Tensor target) => InPlace("mul_.Tensor", this, target);

        /// <summary>Multiplies in place.</summary>
        public Tensor mul_(Scalar target) => InPlace("mul_.Scalar", this, target);

        /// <summary>this / target.</summary>
        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            Call("div.Tensor_mode", this, target, Mode(rounding_mode));

        /// <summary>this / target.</summary>
        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            Call("div.Scalar_mode", this, target, Mode(rounding_mode));

        /// <summary>Divides in place.</summary>
        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            InPlace("div_.Tensor_mode", this, target, Mode(rounding_mode));

        /// <summary>Divides in place.</summary>
        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            InPlace("div_.Scalar_mode", this, target, Mode(rounding_mode));

        /// <summary>The remainder, with the sign of the divisor.</summary>
        public Tensor remainder(Tensor target) => Call("remainder.Tensor", this, target);

        /// <summary>The remainder, with the sign of the divisor.</summary>
        public Tensor remainder(Scalar scalar) => Call("remainder.Scalar", this, scalar);

        /// <summary>this + value * tensor1 * tensor2.</summary>
        public Tensor addcmul(Tensor tensor1, Tensor tensor2, Scalar value) => Call("addcmul", this, tensor1, tensor2, value);

        /// <summary>Adds value * tensor1 * tensor2 in place.</summary>
        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) => InPlace("addcmul_", this, tensor1, tensor2, value);

        /// <summary>this + tensor1 / tensor2.</summary>
        public Tensor addcdiv(Tensor tensor1, Tensor tensor2) => Call("addcdiv", this, tensor1, tensor2);

        /// <summary>this + value * tensor1 / tensor2.</summary>
        public Tensor addcdiv(Tensor tensor1, Tensor tensor2, Scalar value) => Call("addcdiv", this, tensor1, tensor2, value);

        /// <summary>Adds tensor1 / tensor2 in place.</summary>
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2) => InPlace("addcdiv_", this, tensor1, tensor2);

        /// <summary>Adds value * tensor1 / tensor2 in place.</summary>
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) => InPlace("addcdiv_", this, tensor1, tensor2, value);

        /// <summary>this + weight * (end - this).</summary>
        public Tensor lerp(Tensor end, Tensor weight) => Call("lerp.Tensor", this, end, weight);

        /// <summary>Moves towards end by weight, in place.</summary>
        public Tensor lerp_(Tensor end, Tensor weight) => InPlace("lerp_.Tensor", this, end, weight);

        /// <summary>this to a power.</summary>
        public Tensor pow(Scalar exponent) => Call("pow.Tensor_Scalar", this, exponent);

        /// <summary>this to a power, element by element.</summary>
        public Tensor pow(Tensor exponent) => Call("pow.Tensor_Tensor", this, exponent);

        /// <summary>Takes a power in place.</summary>
        public Tensor pow_(Scalar exponent) => InPlace("pow_.Scalar", this, exponent);

        /// <summary>Takes a power in place.</summary>
        public Tensor pow_(Tensor exponent) => InPlace("pow_.Tensor", this, exponent);

        /// <summary>The larger element of two tensors.</summary>
        public Tensor maximum(Tensor other) => Call("maximum", this, other);

        /// <summary>The smaller element of two tensors.</summary>
        public Tensor minimum(Tensor other) => Call("minimum", this, other);

        /// <summary>-this.</summary>
        public Tensor neg() => Call("neg", this);

        /// <summary>Negates in place.</summary>
        public Tensor neg_() => InPlace("neg_", this);

        /// <summary>-this.</summary>
        public Tensor negative() => neg();

        /// <summary>Elements limited to [min, max].</summary>
        public Tensor clamp(Scalar? min = null, Scalar? max = null) => Call("clamp", this, min, max);

        /// <summary>Elements limited to [min, max], element by element.</summary>
        public Tensor clamp(Tensor? min = null, Tensor? max = null) => Call("clamp.Tensor", this, min, max);

        /// <summary>Limits in place.</summary>
        public Tensor clamp_(Scalar? min = null, Scalar? max = null) => InPlace("clamp_", this, min, max);

        /// <summary>Limits in place.</summary>
        public Tensor clamp_(Tensor? min = null, Tensor? max = null) => InPlace("clamp_.Tensor", this, min, max);

        /// <summary>Elements limited from below.</summary>
        public Tensor clamp_min(Scalar min) => Call("clamp_min", this, min);

        /// <summary>Limits from below in place.</summary>
        public Tensor clamp_min_(Scalar min) => InPlace("clamp_min_", this, min);

        /// <summary>Elements limited from above.</summary>
        public Tensor clamp_max(Scalar max) => Call("clamp_max", this, max);

        /// <summary>Limits from above in place.</summary>
        public Tensor clamp_max_(Scalar max) => InPlace("clamp_max_", this, max);
    }
}
