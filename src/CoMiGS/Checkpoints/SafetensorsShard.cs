using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace CoMiGS.Checkpoints;

/// <summary>One open safetensors file: its checked header, and its bytes through memory-mapped windows.</summary>
internal sealed class SafetensorsShard : IDisposable
{
    private readonly SafeFileHandle _handle;
    private readonly string _file;
    private readonly long _fileBytes;
    private MemoryMappedFile? _map;

    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="SafetensorsException">The file breaks the format.</exception>
    public SafetensorsShard(string file)
    {
        _file = file;
        if (!File.Exists(file))
        {
            throw new FileNotFoundException($"There is no safetensors file '{file}'.", file);
        }

        _handle = File.OpenHandle(file);
        try
        {
            _fileBytes = RandomAccess.GetLength(_handle);
            Header = SafetensorsHeader.Read(_handle, file);
            _map = MemoryMappedFile.CreateFromFile(_handle, mapName: null, capacity: 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        }
        catch
        {
            _handle.Dispose();
            throw;
        }
    }

    public SafetensorsHeader Header { get; }

    /// <summary>Copies bytes of the file; only they are mapped, and only while they are copied.</summary>
    public void Read(SafetensorsEntry entry, long offset, Span<byte> into)
    {
        ObjectDisposedException.ThrowIf(_map is null, this);

        // Touching a mapped page that the file no longer has would end the process.
        if (RandomAccess.GetLength(_handle) < _fileBytes)
        {
            throw new SafetensorsException(_file, entry.Name, $"The file had {_fileBytes} bytes when it was opened and has {RandomAccess.GetLength(_handle)} now. Do not change a file while it is read.");
        }

        using var window = _map.CreateViewAccessor(entry.Begin + offset, into.Length, MemoryMappedFileAccess.Read);
        using var bytes = new UnmanagedMemoryStream(window.SafeMemoryMappedViewHandle, window.PointerOffset, into.Length); // copies in bulk, which ReadSpan does not
        bytes.ReadExactly(into);
    }

    public void Dispose()
    {
        _map?.Dispose();
        _map = null;
        _handle.Dispose();
    }
}
