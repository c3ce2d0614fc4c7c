using System.Security.Cryptography;

namespace CoMiGS.Demo.CommandLine;

/// <summary>Reads what an option names.</summary>
public static class InputFile
{
    /// <summary>Reads a file or folder, or says why it cannot be used.</summary>
    /// <param name="option">The option that names it.</param>
    /// <param name="path">The file or folder.</param>
    /// <param name="wanted">What to name instead.</param>
    /// <param name="read">Reads it.</param>
    /// <exception cref="DemoException">It is not there, or is something else.</exception>
    public static T Read<T>(string option, string path, string wanted, Func<string, T> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        if (!Path.Exists(path))
        {
            throw new DemoException($"{option}: there is no '{path}'. Name {wanted}.");
        }

        try
        {
            return read(path);
        }
        catch (Exception cause) when (cause is CryptographicException or ArgumentException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new DemoException($"{option}: '{path}' cannot be used: {cause.Message} Name {wanted}.", cause);
        }
    }
}
