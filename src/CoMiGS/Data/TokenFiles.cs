namespace CoMiGS.Data;

/// <summary>The splits of one device as token files.</summary>
public static class TokenFiles
{
    /// <summary>Maps the splits of a device.</summary>
    /// <param name="train">Training split.</param>
    /// <param name="valid">Validation split.</param>
    /// <param name="test">Test split, or null.</param>
    /// <param name="width">Bytes per token. Default: uint16.</param>
    public static DeviceData Open(string train, string valid, string? test = null, TokenWidth width = TokenWidth.TwoBytes) =>
        new(TokenFile.Open(train, width), TokenFile.Open(valid, width), test is null ? null : TokenFile.Open(test, width));
}
