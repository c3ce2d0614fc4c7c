namespace CoMiGS.Checkpoints;

/// <summary>Replaces a folder so that a complete one can be found at every moment: write beside, move the old one aside, rename.</summary>
/// <remarks>A process that dies between the two renames leaves the old folder aside; whoever reads or writes next puts it back.</remarks>
public static class AtomicFolder
{
    /// <summary>Writes a folder whole or not at all.</summary>
    /// <param name="path">Where it appears; replaced if it exists.</param>
    /// <param name="write">Fills the folder whose path it is given.</param>
    /// <exception cref="IOException">The place cannot be written to; the previous folder, if any, is untouched.</exception>
    public static void Write(string path, Action<string> write)
    {
        var full = Full(path);
        if (File.Exists(full))
        {
            throw new IOException($"'{path}' is a file, so no folder can be written there. Choose another path.");
        }

        var temporary = $"{full}.{Environment.ProcessId}.tmp";
        var previous = Aside(full);
        Recover(full);
        Delete(previous); // a process that died after the second rename left it
        try
        {
            Directory.CreateDirectory(temporary);
            write(temporary);
            if (Directory.Exists(full))
            {
                Directory.Move(full, previous);
            }

            Directory.Move(temporary, full);
        }
        catch
        {
            Recover(full);
            throw;
        }
        finally
        {
            Delete(temporary);
            Delete(previous);
        }
    }

    /// <summary>Puts back the folder that a process left aside when it died while replacing it; does nothing otherwise.</summary>
    /// <param name="path">Where the folder belongs.</param>
    public static void Recover(string path)
    {
        var full = Full(path);
        if (!Directory.Exists(full) && Directory.Exists(Aside(full)))
        {
            Directory.Move(Aside(full), full);
        }
    }

    private static string Full(string path) => Path.GetFullPath(path).TrimEnd(Path.DirectorySeparatorChar);

    private static string Aside(string full) => $"{full}.old";

    private static void Delete(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
