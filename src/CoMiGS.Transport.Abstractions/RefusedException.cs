using System.Diagnostics.CodeAnalysis;

namespace CoMiGS.Transport;

/// <summary>The coordinator refused a message.</summary>
[SuppressMessage("Design", "CA1032", Justification = "A refusal without a code would say nothing.")]
public sealed class RefusedException : Exception
{
    /// <summary>A refusal.</summary>
    /// <param name="refusal">Its code and reason.</param>
    public RefusedException(Refused refusal)
        : base($"{refusal?.Reason} ({refusal?.Code})")
    {
        ArgumentNullException.ThrowIfNull(refusal);
        Refusal = refusal;
    }

    /// <summary>Code and reason.</summary>
    public Refused Refusal { get; }
}
