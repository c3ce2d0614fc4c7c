using CoMiGS.Validation;

namespace CoMiGS.Federation.Methods;

/// <summary>How a device gives up ranks that it does not need.</summary>
public sealed class SelfPruningOptions : ICheckedOptions
{
    /// <summary>Share of the ranks that stay, gamma: the last <c>r - floor(gamma r)</c> are the tail that may go.</summary>
    /// <value>Default: 0.99, as in the released code of CoMiGS: one rank a round at most.</value>
    [Allowed(0, 1, ExclusiveMinimum = true, ExclusiveMaximum = true)]
    public double Keep { get; set; } = 0.99;

    /// <summary>Weight lambda of the norm of the tail in the loss.</summary>
    /// <value>Default: 0.005.</value>
    [Allowed(0)]
    public double Weight { get; set; } = 0.005;

    /// <inheritdoc/>
    public IEnumerable<string> CrossFieldViolations() => [];
}
