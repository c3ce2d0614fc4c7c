using System.Text;

namespace CoMiGS.Transport.Http.Security;

/// <summary>A file that only grows: a line for each change, its fields between tabs.</summary>
internal sealed class RegistryFile : IDisposable
{
    private const char Separator = '\t';
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly FileStream _stream;

    public RegistryFile(string path, Func<string[], bool> apply)
    {
        _stream = OwnersFile.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite);
        try
        {
            Read(path, apply);
        }
        catch
        {
            _stream.Dispose();
            throw;
        }
    }

    public void Append(string[] entry)
    {
        var line = Utf8.GetBytes(string.Join(Separator, entry) + "\n");
        var end = _stream.Length;
        try
        {
            _stream.Position = end;
            _stream.Write(line);
            _stream.Flush(flushToDisk: true);
        }
        catch (IOException)
        {
            _stream.SetLength(end); // half a line would spoil the next one
            throw;
        }
    }

    public void Dispose() => _stream.Dispose();

    private void Read(string path, Func<string[], bool> apply)
    {
        var bytes = new byte[_stream.Length];
        _stream.ReadExactly(bytes);
        var whole = Array.LastIndexOf(bytes, (byte)'\n') + 1;
        _stream.SetLength(whole); // a line without an end was never acknowledged
        var number = 0;
        foreach (var line in Utf8.GetString(bytes, 0, whole).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            number++;
            if (!apply(line.Split(Separator)))
            {
                throw new InvalidDataException($"Line {number} of {path} is no entry of a device registry. Restore the file, or name another one.");
            }
        }
    }
}
