namespace CoMiGS.Models.Generation;

/// <summary>Why a text ended.</summary>
public enum StopReason
{
    /// <summary>It has as many tokens as were asked for.</summary>
    Length,

    /// <summary>The next token was one of the stop tokens.</summary>
    StopToken,
}
