namespace CoMiGS.Checkpoints;

/// <summary>A safetensors file breaks its format; the message names the file, the tensor and the reason.</summary>
public sealed class SafetensorsException : Exception
{
    /// <summary>Says what is wrong.</summary>
    /// <param name="file">Path of the file.</param>
    /// <param name="tensor">Name of the tensor, or null where the file as a whole is wrong.</param>
    /// <param name="reason">A sentence.</param>
    /// <param name="inner">The cause, if any.</param>
    public SafetensorsException(string file, string? tensor, string reason, Exception? inner = null)
        : base(tensor is null ? $"'{file}': {reason}" : $"'{file}', tensor '{tensor}': {reason}", inner)
    {
    }
}
