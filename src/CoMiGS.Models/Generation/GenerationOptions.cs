using CoMiGS.Validation;

namespace CoMiGS.Models.Generation;

/// <summary>How a text is continued. Temperature, then <see cref="TopK"/>, then <see cref="TopP"/>; among equally likely tokens the lower id comes first.</summary>
public sealed class GenerationOptions : ICheckedOptions
{
    /// <summary>The most tokens to add to each prompt.</summary>
    /// <value>Default: 128.</value>
    [Allowed(0)]
    public int MaximumTokens { get; set; } = 128;

    /// <summary>0 takes the most likely token (greedy); 1 draws from the model's distribution softmax(z), T from softmax(z / T).</summary>
    /// <value>Default: 0. <see cref="TopK"/>, <see cref="TopP"/> and <see cref="Seed"/> then have no effect.</value>
    [Allowed(0)]
    public double Temperature { get; set; }

    /// <summary>Draws among the k most likely tokens only.</summary>
    /// <value>Default: null, all.</value>
    [Allowed(1)]
    public int? TopK { get; set; }

    /// <summary>Draws among the most likely tokens that together have this probability, after <see cref="TopK"/>; at least one stays.</summary>
    /// <value>Default: null, all.</value>
    [Allowed(0, 1, ExclusiveMinimum = true)]
    public double? TopP { get; set; }

    /// <summary>Tokens that end a text; they are not part of it.</summary>
    /// <value>Default: none.</value>
    public IReadOnlyCollection<int> StopTokens { get; set; } = [];

    /// <summary>Seed of the draws. Each row of a batch draws numbers of its own, which do not depend on the other rows.</summary>
    /// <value>Default: 42.</value>
    public long Seed { get; set; } = 42;

    /// <summary>Whether keys and values of tokens read before are kept instead of computed again: much faster, more memory, the same numbers.</summary>
    /// <value>Default: true.</value>
    public bool UseCache { get; set; } = true;

    /// <summary>Whether the weights of the experts are kept for every token and layer. Needs a generator made from a model with experts.</summary>
    /// <value>Default: false.</value>
    public bool TraceRouting { get; set; }

    /// <inheritdoc/>
    public IEnumerable<string> CrossFieldViolations() => StopTokens is null ? ["StopTokens is null. Use an empty list for none."] : [];
}
