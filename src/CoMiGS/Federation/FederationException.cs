using System.Diagnostics.CodeAnalysis;
using CoMiGS.Transport;

namespace CoMiGS.Federation;

/// <summary>A device cannot go on taking part in a run, because the coordinator refuses it or its work.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Without device and refusal it would say nothing.")]
public sealed class FederationException : Exception
{
    /// <summary>A device that cannot go on.</summary>
    /// <param name="message">What was refused, with code and reason.</param>
    /// <param name="device">The device.</param>
    /// <param name="refusal">Code and reason.</param>
    public FederationException(string message, string device, Refused refusal)
        : base(message)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        Device = device;
        Refusal = refusal;
    }

    /// <summary>The device.</summary>
    public string Device { get; }

    /// <summary>Code and reason.</summary>
    public Refused Refusal { get; }
}
