using CoMiGS.Training;

namespace CoMiGS.Demo.Training;

/// <summary>How the devices fine-tune: the same for every method, so that only what is shared differs.</summary>
internal static class FineTuning
{
    /// <summary>LoRA rank of experts and attention adapters.</summary>
    public const int Rank = 8;

    /// <summary>LoRA alpha; scaled by the square root of the rank.</summary>
    public const double Alpha = 16;

    /// <summary>Windows per step.</summary>
    public const int BatchSize = 8;

    private const double LearningRate = 6e-3;
    private const int RouterEvery = 30;
    private const int RouterSteps = 10;

    /// <summary>The cosine falls to a tenth over the whole run; the router's rate stays.</summary>
    public static void Configure(BilevelOptions options, int window, long seed)
    {
        options.LearningRate = LearningRate;
        options.RouterEvery = RouterEvery;
        options.RouterSteps = RouterSteps;
        options.BatchSize = BatchSize;
        options.Window = window;
        options.Seed = seed;
    }
}
