namespace CoMiGS.Transport;

/// <summary>The version of the conversation between device and coordinator.</summary>
public static class ProtocolVersion
{
    /// <summary>What this library speaks.</summary>
    /// <value>1</value>
    public const int Current = 1;
}
