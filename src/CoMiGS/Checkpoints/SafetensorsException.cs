namespace CoMiGS.Checkpoints;

/// <summary>A safetensors file breaks its format or lacks what it promises; the message names the file, the tensor and the reason.</summary>
public sealed class SafetensorsException : Exception
{
    private const int LongestName = 200;

    /// <summary>Says what is wrong.</summary>
    /// <param name="file">Path of the file.</param>
    /// <param name="tensor">Name of the tensor, or null where the file as a whole is wrong.</param>
    /// <param name="reason">A sentence.</param>
    /// <param name="inner">The cause, if any.</param>
    public SafetensorsException(string file, string? tensor, string reason, Exception? inner = null)
        : base(tensor is null ? $"'{file}': {reason}" : $"'{file}', tensor '{Shown(tensor)}': {reason}", inner)
    {
    }

    /// <summary>Text out of a file that nobody has vouched for, fit for a message: not endless, nothing that moves a terminal's cursor.</summary>
    internal static string Shown(string text)
    {
        var start = text.Length > LongestName ? text[..LongestName] + "..." : text;
        return start.Any(char.IsControl) ? string.Concat(start.Select(c => char.IsControl(c) ? '\uFFFD' : c)) : start;
    }
}
