namespace CoMiGS.Transport;

/// <summary>What a message may at most hold; every limit is checked before memory is taken for it.</summary>
public sealed record PayloadLimits
{
    /// <summary>The limits that hold unless others are given.</summary>
    public static PayloadLimits Default { get; } = new();

    /// <summary>The longest message, header included.</summary>
    /// <value>256 MiB</value>
    public long MaxBytes { get; init; } = 256L << 20;

    /// <summary>The most tensors in a message.</summary>
    /// <value>16384</value>
    public int MaxTensors { get; init; } = 16384;

    /// <summary>The longest name (of a run, device, tensor or metric, or a fingerprint) in bytes of UTF-8; at most 65535.</summary>
    /// <value>512</value>
    public int MaxNameBytes { get; init; } = 512;

    /// <summary>The longest sentence (a reason) in bytes of UTF-8; at most 65535.</summary>
    /// <value>4096</value>
    public int MaxTextBytes { get; init; } = 4096;

    /// <summary>The most dimensions of a tensor; at most 255.</summary>
    /// <value>8</value>
    public int MaxRank { get; init; } = 8;

    /// <summary>The most numbers in a tensor.</summary>
    /// <value>67108864 (2^26)</value>
    public long MaxElements { get; init; } = 1L << 26;

    /// <summary>The most metrics in an update.</summary>
    /// <value>256</value>
    public int MaxMetrics { get; init; } = 256;
}
