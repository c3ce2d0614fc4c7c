namespace CoMiGS.Demo.Text;

/// <summary>The part that a message belongs to.</summary>
public enum TextSplit
{
    /// <summary>62 % of the messages.</summary>
    Train,

    /// <summary>15 % of the messages.</summary>
    Valid,

    /// <summary>23 % of the messages.</summary>
    Test,
}
