namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>left + right.</summary>
        public static Tensor operator +(Tensor left, Tensor right) => Call("add.Tensor", left, right);

        /// <summary>left + right.</summary>
        public static Tensor operator +(Tensor left, Scalar right) => Call("add.Scalar", left, right);

        /// <summary>left + right.</summary>
        public static Tensor operator +(Scalar left, Tensor right) => Call("add.Scalar", right, left);

        /// <summary>left + right.</summary>
        public static Tensor operator +(Tensor left, int right) => left + (Scalar)right;

        /// <summary>left + right.</summary>
        public static Tensor operator +(int left, Tensor right) => (Scalar)left + right;

        /// <summary>left + right.</summary>
        public static Tensor operator +(Tensor left, long right) => left + (Scalar)right;

        /// <summary>left + right.</summary>
        public static Tensor operator +(long left, Tensor right) => (Scalar)left + right;

        /// <summary>left + right.</summary>
        public static Tensor operator +(Tensor left, float right) => left + (Scalar)right;

        /// <summary>left + right.</summary>
        public static Tensor operator +(float left, Tensor right) => (Scalar)left + right;

        /// <summary>left + right.</summary>
        public static Tensor operator +(Tensor left, double right) => left + (Scalar)right;

        /// <summary>left + right.</summary>
        public static Tensor operator +(double left, Tensor right) => (Scalar)left + right;

        /// <summary>left - right.</summary>
        public static Tensor operator -(Tensor left, Tensor right) => Call("sub.Tensor", left, right);

        /// <summary>left - right.</summary>
        public static Tensor operator -(Tensor left, Scalar right) => Call("sub.Scalar", left, right);

        /// <summary>left - right.</summary>
        public static Tensor operator -(Scalar left, Tensor right) => Call("rsub.Scalar", right, left);

        /// <summary>left - right.</summary>
        public static Tensor operator -(Tensor left, int right) => left - (Scalar)right;

        /// <summary>left - right.</summary>
        public static Tensor operator -(int left, Tensor right) => (Scalar)left - right;

        /// <summary>left - right.</summary>
        public static Tensor operator -(Tensor left, long right) => left - (Scalar)right;

        /// <summary>left - right.</summary>
        public static Tensor operator -(long left, Tensor right) => (Scalar)left - right;

        /// <summary>left - right.</summary>
        public static Tensor operator -(Tensor left, float right) => left - (Scalar)right;

        /// <summary>left - right.</summary>
        public static Tensor operator -(float left, Tensor right) => (Scalar)left - right;

        /// <summary>left - right.</summary>
        public static Tensor operator -(Tensor left, double right) => left - (Scalar)right;

        /// <summary>left - right.</summary>
        public static Tensor operator -(double left, Tensor right) => (Scalar)left - right;

        /// <summary>left * right.</summary>
        public static Tensor operator *(Tensor left, Tensor right) => Call("mul.Tensor", left, right);

        /// <summary>left * right.</summary>
        public static Tensor operator *(Tensor left, Scalar right) => Call("mul.Scalar", left, right);

        /// <summary>left * right.</summary>
        public static Tensor operator *(Scalar left, Tensor right) => Call("mul.Scalar", right, left);

        /// <summary>left * right.</summary>
        public static Tensor operator *(Tensor left, int right) => left * (Scalar)right;

        /// <summary>left * right.</summary>
        public static Tensor operator *(int left, Tensor right) => (Scalar)left * right;

        /// <summary>left * right.</summary>
        public static Tensor operator *(Tensor left, long right) => left * (Scalar)right;

        /// <summary>left * right.</summary>
        public static Tensor operator *(long left, Tensor right) => (Scalar)left * right;

        /// <summary>left * right.</summary>
        public static Tensor operator *(Tensor left, float right) => left * (Scalar)right;

        /// <summary>left * right.</summary>
        public static Tensor operator *(float left, Tensor right) => (Scalar)left * right;

        /// <summary>left * right.</summary>
        public static Tensor operator *(Tensor left, double right) => left * (Scalar)right;

        /// <summary>left * right.</summary>
        public static Tensor operator *(double left, Tensor right) => (Scalar)left * right;

        /// <summary>left / right.</summary>
        public static Tensor operator /(Tensor left, Tensor right) => Call("div.Tensor", left, right);

        /// <summary>left / right.</summary>
        public static Tensor operator /(Tensor left, Scalar right) => Call("div.Scalar", left, right);

        /// <summary>left / right.</summary>
        public static Tensor operator /(Scalar left, Tensor right) => Quotient(left, right);

        /// <summary>left / right.</summary>
        public static Tensor operator /(Tensor left, int right) => left / (Scalar)right;

        /// <summary>left / right.</summary>
        public static Tensor operator /(int left, Tensor right) => (Scalar)left / right;

        /// <summary>left / right.</summary>
        public static Tensor operator /(Tensor left, long right) => left / (Scalar)right;

        /// <summary>left / right.</summary>
        public static Tensor operator /(long left, Tensor right) => (Scalar)left / right;

        /// <summary>left / right.</summary>
        public static Tensor operator /(Tensor left, float right) => left / (Scalar)right;

        /// <summary>left / right.</summary>
        public static Tensor operator /(float left, Tensor right) => (Scalar)left / right;

        /// <summary>left / right.</summary>
        public static Tensor operator /(Tensor left, double right) => left / (Scalar)right;

        /// <summary>left / right.</summary>
        public static Tensor operator /(double left, Tensor right) => (Scalar)left / right;

        /// <summary>-tensor.</summary>
        public static Tensor operator -(Tensor tensor) => Call("neg", tensor);

        /// <summary>Which elements are equal.</summary>
        public static Tensor operator ==(Tensor left, Tensor right) => Call("eq.Tensor", left, right);

        /// <summary>Which elements are equal.</summary>
        public static Tensor operator ==(Tensor left, Scalar right) => Call("eq.Scalar", left, right);

        /// <summary>Which elements are equal.</summary>
        public static Tensor operator ==(Scalar left, Tensor right) => Call("eq.Scalar", right, left);

        /// <summary>Which elements differ.</summary>
        public static Tensor operator !=(Tensor left, Tensor right) => Call("ne.Tensor", left, right);

        /// <summary>Which elements differ.</summary>
        public static Tensor operator !=(Tensor left, Scalar right) => Call("ne.Scalar", left, right);

        /// <summary>Which elements differ.</summary>
        public static Tensor operator !=(Scalar left, Tensor right) => Call("ne.Scalar", right, left);

        /// <summary>Which elements are smaller.</summary>
        public static Tensor operator <(Tensor left, Tensor right) => Call("lt.Tensor", left, right);

        /// <summary>Which elements are smaller.</summary>
        public static Tensor operator <(Tensor left, Scalar right) => Call("lt.Scalar", left, right);

        /// <summary>Which elements are smaller.</summary>
        public static Tensor operator <(Scalar left, Tensor right) => Call("gt.Scalar", right, left);

        /// <summary>Which elements are not larger.</summary>
        public static Tensor operator <=(Tensor left, Tensor right) => Call("le.Tensor", left, right);

        /// <summary>Which elements are not larger.</summary>
        public static Tensor operator <=(Tensor left, Scalar right) => Call("le.Scalar", left, right);

        /// <summary>Which elements are not larger.</summary>
        public static Tensor operator <=(Scalar left, Tensor right) => Call("ge.Scalar", right, left);

        /// <summary>Which elements are larger.</summary>
        public static Tensor operator >(Tensor left, Tensor right) => Call("gt.Tensor", left, right);

        /// <summary>Which elements are larger.</summary>
        public static Tensor operator >(Tensor left, Scalar right) => Call("gt.Scalar", left, right);

        /// <summary>Which elements are larger.</summary>
        public static Tensor operator >(Scalar left, Tensor right) => Call("lt.Scalar", right, left);

        /// <summary>Which elements are not smaller.</summary>
        public static Tensor operator >=(Tensor left, Tensor right) => Call("ge.Tensor", left, right);

        /// <summary>Which elements are not smaller.</summary>
        public static Tensor operator >=(Tensor left, Scalar right) => Call("ge.Scalar", left, right);

        /// <summary>Which elements are not smaller.</summary>
        public static Tensor operator >=(Scalar left, Tensor right) => Call("le.Scalar", right, left);

        /// <summary>Bits set in both.</summary>
        public static Tensor operator &(Tensor left, Tensor right) => left.bitwise_and(right);

        /// <summary>Bits set in either.</summary>
        public static Tensor operator |(Tensor left, Tensor right) => left.bitwise_or(right);

        /// <summary>Bits flipped.</summary>
        public static Tensor operator ~(Tensor left) => left.bitwise_not();

        /// <summary>A tensor without dimensions.</summary>
        public static implicit operator Tensor(Scalar scalar) => full((long[])[], scalar, scalar.Type);
    }
}
