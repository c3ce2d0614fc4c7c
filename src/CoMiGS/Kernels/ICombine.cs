namespace CoMiGS.Kernels;

/// <summary>A combine function c(z_1, ..., z_m) and its derivatives, number by number.</summary>
internal interface ICombine
{
    /// <summary>m, 1 or 2; with 1 the second argument is not read.</summary>
    static abstract int Inputs { get; }

    /// <summary>c(first, second).</summary>
    static abstract TLanes Forward<TLanes>(TLanes first, TLanes second)
        where TLanes : struct, ILanes<TLanes>;

    /// <summary>c(first, second) and its derivatives by both.</summary>
    static abstract TLanes Backward<TLanes>(TLanes first, TLanes second, out TLanes byFirst, out TLanes bySecond)
        where TLanes : struct, ILanes<TLanes>;
}
