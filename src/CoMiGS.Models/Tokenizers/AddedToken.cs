namespace CoMiGS.Models.Tokenizers;

/// <summary>A text that is one token wherever it stands, found before anything else looks at the text.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">The text.</param>
/// <param name="Special">Whether it marks something instead of being text, so that decoding may leave it out.</param>
public sealed record AddedToken(int Id, string Content, bool Special)
{
    /// <summary>Whether white space before it is swallowed.</summary>
    /// <value>Default: false.</value>
    public bool SwallowsSpaceBefore { get; init; }

    /// <summary>Whether white space after it is swallowed.</summary>
    /// <value>Default: false.</value>
    public bool SwallowsSpaceAfter { get; init; }

    /// <summary>Whether it counts only where no letter, digit or underscore touches it.</summary>
    /// <value>Default: false.</value>
    public bool SingleWord { get; init; }

    /// <summary>Whether it is looked for after normalization instead of before.</summary>
    /// <value>Default: false.</value>
    public bool Normalized { get; init; }
}
