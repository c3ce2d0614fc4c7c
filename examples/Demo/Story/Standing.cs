namespace CoMiGS.Demo.Story;

/// <summary>Where CoMiGS comes out for one device among learning alone and sharing everything.</summary>
public enum Standing
{
    /// <summary>Lower perplexity than both.</summary>
    Best,

    /// <summary>Not worse than one of them, not better than the other.</summary>
    Between,

    /// <summary>Higher perplexity than both.</summary>
    Worst,
}
