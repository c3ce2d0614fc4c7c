namespace CoMiGS.FineTune;

/// <summary>What the command line asked for.</summary>
public sealed record FineTuneOptions
{
    /// <summary>The checkpoint, in Hugging Face's layout.</summary>
    public required string Model { get; init; }

    /// <summary>The folder with *.txt.</summary>
    public required string Data { get; init; }

    /// <summary>Where the adapters go.</summary>
    public string Output { get; init; } = Path.Combine("artifacts", "fine-tune");

    /// <summary>The text to continue before and after; null for the beginning of the test text.</summary>
    public string? Prompt { get; init; }

    /// <summary>Tokens to generate.</summary>
    public int Tokens { get; init; } = 60;

    /// <summary>Expert steps.</summary>
    public int Steps { get; init; } = 200;

    /// <summary>Windows per step.</summary>
    public int Batch { get; init; } = 8;

    /// <summary>Tokens per window; at most the model's block.</summary>
    public int Window { get; init; } = 128;

    /// <summary>LoRA rank of the experts.</summary>
    public int Rank { get; init; } = 8;

    /// <summary>Specialists beside the one generalist.</summary>
    public int Specialists { get; init; } = 1;

    /// <summary>Peak learning rate.</summary>
    public double LearningRate { get; init; } = 5e-4;

    /// <summary>What all random numbers start from.</summary>
    public int Seed { get; init; } = 42;

    /// <summary>Processor cores to use.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}
