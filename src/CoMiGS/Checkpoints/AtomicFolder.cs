namespace CoMiGS.Checkpoints;

/// <summary>Replaces a folder so that it is complete at every moment: write beside, then rename.</summary>
public static class AtomicFolder
{
    /// <summary>Writes a folder whole or not at all.</summary>
    /// <param name="path">Where it appears; replaced if it exists.</param>
    /// <param name="write">Fills the folder whose path it is given.</param>
    /// <exception cref="IOException">The place cannot be written to; the previous folder, if any, is untouched.</exception>
    public static void Write(string path, Action<string> write)
    {
        var full = Path.GetFullPath(path).TrimEnd(Path.DirectorySeparatorChar);
        if (File.Exists(full))
        {
            throw new IOException($"'{path}' is a file, so no folder can be written there. Choose another path.");
        }

        var temporary = $"{full}.{Environment.ProcessId}.tmp";
        var previous = $"{full}.{Environment.ProcessId}.old";
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
            if (!Directory.Exists(full) && Directory.Exists(previous))
            {
                Directory.Move(previous, full);
            }

            throw;
        }
        finally
        {
            Delete(temporary);
            Delete(previous);
        }
    }

    private static void Delete(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
