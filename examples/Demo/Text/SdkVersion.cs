namespace CoMiGS.Demo.Text;

/// <summary>A version of the SDK as its folder spells it; a preview comes before the release of the same number.</summary>
internal sealed record SdkVersion(Version Number, string Preview) : IComparable<SdkVersion>
{
    public static SdkVersion? TryParse(string folder)
    {
        var dash = folder.IndexOf('-', StringComparison.Ordinal);
        var number = dash < 0 ? folder : folder[..dash];
        return Version.TryParse(number, out var version)
            ? new SdkVersion(version, dash < 0 ? "" : folder[dash..])
            : null;
    }

    public int CompareTo(SdkVersion? other)
    {
        if (other is null)
        {
            return 1;
        }

        var byNumber = Number.CompareTo(other.Number);
        return byNumber != 0 ? byNumber
            : Preview.Length == 0 || other.Preview.Length == 0 ? other.Preview.Length.CompareTo(Preview.Length)
            : string.CompareOrdinal(Preview, other.Preview);
    }
}
