namespace CoMiGS.Bench.Targets;

/// <summary>A target and what was measured.</summary>
/// <param name="Target">What is asked.</param>
/// <param name="Blas">Name of the BLAS setting.</param>
/// <param name="Limit">The bound.</param>
/// <param name="AtLeast">Whether the bound is the least, not the most.</param>
/// <param name="Measured">The figure; null where it could not be measured here.</param>
internal sealed record TargetRow(string Target, string Blas, double Limit, bool AtLeast, double? Measured)
{
    /// <summary>Of a target that holds.</summary>
    public const string Pass = "pass";

    /// <summary>Of a target that does not hold.</summary>
    public const string Fail = "fail";

    /// <summary>Of a target whose section has not run.</summary>
    public const string Unknown = "not measured";

    /// <summary><see cref="Pass"/>, <see cref="Fail"/> or <see cref="Unknown"/>.</summary>
    public string Result => Measured is not { } measured ? Unknown : (AtLeast ? measured >= Limit : measured <= Limit) ? Pass : Fail;
}
