namespace CoMiGS.Models.Generation;

/// <summary>Which tokens of each row stand in one pass of (B, T) ids; the columns behind them are padding.</summary>
/// <param name="Starts">First token of each row.</param>
/// <param name="Counts">Number of tokens of each row.</param>
internal sealed record PassLayout(IReadOnlyList<int> Starts, IReadOnlyList<int> Counts)
{
    /// <summary>T.</summary>
    public int Columns { get; } = Counts.Max();
}
