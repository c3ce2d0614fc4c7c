namespace CoMiGS.Checkpoints;

/// <summary>Writes files so that a reader, or a crash, never sees half of one: write beside, flush to disk, rename.</summary>
public static class AtomicFile
{
    /// <summary>Writes a file whole or not at all.</summary>
    /// <param name="path">Where it appears; replaced if it exists. Its folder is made if need be.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">The place cannot be written to; the previous file, if any, is untouched.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        var temporary = Path.Combine(folder, $".{Path.GetFileName(path)}.{Environment.ProcessId}.{Environment.CurrentManagedThreadId}.tmp");
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Writes text as UTF-8 without a byte-order mark, whole or not at all.</summary>
    /// <param name="path">Where it appears.</param>
    /// <param name="text">The content.</param>
    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));
}
