namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Which elements are equal.</summary>
        public Tensor eq(Tensor target) => Call("eq.Tensor", this, target);

        /// <summary>Which elements are equal.</summary>
        public Tensor eq(Scalar target) => Call("eq.Scalar", this, target);

        /// <summary>Which elements are equal. Element by element, unlike PyTorch's equal.</summary>
        public Tensor equal(Tensor target) => eq(target);

        /// <summary>Which elements differ.</summary>
        public Tensor ne(Tensor target) => Call("ne.Tensor", this, target);

        /// <summary>Which elements differ.</summary>
        public Tensor ne(Scalar target) => Call("ne.Scalar", this, target);

        /// <summary>Which elements differ.</summary>
        public Tensor not_equal(Tensor target) => ne(target);

        /// <summary>Which elements are smaller.</summary>
        public Tensor lt(Tensor target) => Call("lt.Tensor", this, target);

        /// <summary>Which elements are smaller.</summary>
        public Tensor lt(Scalar target) => Call("lt.Scalar", this, target);

        /// <summary>Which elements are smaller.</summary>
        public Tensor less(Tensor target) => lt(target);

        /// <summary>Which elements are not larger.</summary>
        public Tensor le(Tensor target) => Call("le.Tensor", this, target);

        /// <summary>Which elements are not larger.</summary>
        public Tensor le(Scalar target) => Call("le.Scalar", this, target);

        /// <summary>Which elements are not larger.</summary>
        public Tensor less_equal(Tensor target) => le(target);

        /// <summary>Which elements are larger.</summary>
        public Tensor gt(Tensor target) => Call("gt.Tensor", this, target);

        /// <summary>Which elements are larger.</summary>
        public Tensor gt(Scalar target) => Call("gt.Scalar", this, target);

        /// <summary>Which elements are larger.</summary>
        public Tensor greater(Tensor target) => gt(target);

        /// <summary>Which elements are not smaller.</summary>
        public Tensor ge(Tensor target) => Call("ge.Tensor", this, target);

        /// <summary>Which elements are not smaller.</summary>
        public Tensor ge(Scalar target) => Call("ge.Scalar", this, target);

        /// <summary>Which elements are not smaller.</summary>
        public Tensor greater_equal(Tensor target) => ge(target);

        /// <summary>Whether all elements are close: abs(a - b) &lt;= atol + rtol * abs(b).</summary>
        public bool allclose(Tensor target, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false) =>
            Number("allclose", this, target, rtol, atol, equal_nan).Bits != 0;

        /// <summary>Which elements are close: abs(a - b) &lt;= atol + rtol * abs(b).</summary>
        public Tensor isclose(Tensor other, double rtol = 1e-05, double atol = 1e-08, bool nanEqual = false) =>
            Call("isclose", this, other, rtol, atol, nanEqual);

        /// <summary>Whether shape and elements are equal.</summary>
        public bool Equals(Tensor target) => target is not null && Number("equal", this, target).Bits != 0;

        /// <summary>Whether the other object is a tensor with equal shape and elements.</summary>
        public override bool Equals(object? obj) => obj is Tensor target && Equals(target);

        /// <summary>The identity of the managed object, as TorchSharp has it.</summary>
        public override int GetHashCode() => base.GetHashCode();

        /// <summary>Both are true.</summary>
        public Tensor logical_and(Tensor other) => Call("logical_and", this, other);

        /// <summary>At least one is true.</summary>
        public Tensor logical_or(Tensor other) => Call("logical_or", this, other);

        /// <summary>Exactly one is true.</summary>
        public Tensor logical_xor(Tensor other) => Call("logical_xor", this, other);

        /// <summary>Is not true.</summary>
        public Tensor logical_not() => Call("logical_not", this);

        /// <summary>Bits set in both.</summary>
        public Tensor bitwise_and(Tensor other) => Call("bitwise_and.Tensor", this, other);

        /// <summary>Bits set in either.</summary>
        public Tensor bitwise_or(Tensor other) => Call("bitwise_or.Tensor", this, other);

        /// <summary>Bits flipped.</summary>
        public Tensor bitwise_not() => Call("bitwise_not", this);
    }
}
