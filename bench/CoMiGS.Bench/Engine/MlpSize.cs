using CoMiGS.Bench.Results;

namespace CoMiGS.Bench.Engine;

/// <summary>A perceptron of two layers.</summary>
/// <param name="Batch">Rows.</param>
/// <param name="Width">In and out.</param>
/// <param name="Hidden">Between.</param>
/// <param name="Steps">How many are timed together.</param>
internal sealed record MlpSize(long Batch, long Width, long Hidden, int Steps)
{
    /// <summary>GPT-2-small's feed-forward.</summary>
    public static MlpSize Large { get; } = new(1024, 768, 3072, 2);

    /// <summary>So small that calls count, and arithmetic hardly.</summary>
    public static MlpSize Small { get; } = new(32, 64, 128, 200);

    /// <summary>The cells of a table.</summary>
    public override string ToString() => string.Join(Measurement.Separator, Batch, $"{Width} - {Hidden} - {Width}");
}
