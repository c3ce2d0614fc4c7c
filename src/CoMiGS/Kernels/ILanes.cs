namespace CoMiGS.Kernels;

/// <summary>A vector register of float32 numbers, so that one loop serves registers of every width; the compiler makes a copy of the loop for each.</summary>
internal unsafe interface ILanes<TSelf>
    where TSelf : struct, ILanes<TSelf>
{
    /// <summary>Numbers in a register.</summary>
    static abstract int Count { get; }

    static abstract TSelf operator +(TSelf left, TSelf right);

    static abstract TSelf operator -(TSelf left, TSelf right);

    static abstract TSelf operator *(TSelf left, TSelf right);

    static abstract TSelf operator /(TSelf left, TSelf right);

    static abstract TSelf Load(float* source);

    static abstract TSelf Of(float value);

    /// <summary>a b + c.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    /// <summary>To the nearest whole number.</summary>
    static abstract TSelf Round(TSelf x);

    /// <summary>x 2^exponent; neither x nor the result may be zero, subnormal or infinite. NaN stays NaN.</summary>
    static abstract TSelf Scale(TSelf x, TSelf exponent);

    static abstract TSelf Sqrt(TSelf x);

    static abstract TSelf Max(TSelf a, TSelf b);

    static abstract TSelf Min(TSelf a, TSelf b);

    /// <summary>The sum of its numbers.</summary>
    static abstract float Sum(TSelf x);

    /// <summary>The largest of its numbers.</summary>
    static abstract float Largest(TSelf x);

    void Store(float* destination);
}
