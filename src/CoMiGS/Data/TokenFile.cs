using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace CoMiGS.Data;

/// <summary>A file of token ids in the paper's format: flat little-endian uint16 or uint32, without a header. Memory-mapped, so its size does not matter.</summary>
public sealed class TokenFile : ITokenSource, IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly TokenWidth _width;

    private TokenFile(string path, MemoryMappedFile file, TokenWidth width, long bytes)
    {
        Name = path;
        _file = file;
        _view = file.CreateViewAccessor(0, bytes, MemoryMappedFileAccess.Read);
        _width = width;
        Length = bytes / (int)width;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public long Length { get; }

    /// <summary>Maps a token file.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="width">Bytes per token. Default: uint16.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is empty, or its length is no multiple of the token width.</exception>
    public static TokenFile Open(string path, TokenWidth width = TokenWidth.TwoBytes)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no token file '{path}'. Give the path of a flat file of little-endian ids of {(int)width} bytes.", path);
        }

        var bytes = new FileInfo(path).Length;
        if (bytes == 0)
        {
            throw new InvalidDataException($"The token file '{path}' is empty. It needs at least two tokens, one to read and one to predict.");
        }

        if (bytes % (int)width != 0)
        {
            throw new InvalidDataException($"The token file '{path}' has {bytes} bytes, which is no multiple of {(int)width}. It was cut off, or its tokens have another width: open it with the width it was written with.");
        }

        return new(path, MemoryMappedFile.CreateFromFile(path, FileMode.Open, mapName: null, 0, MemoryMappedFileAccess.Read), width, bytes);
    }

    /// <summary>Writes tokens in this format, atomically: the file appears whole or not at all.</summary>
    /// <param name="path">Path of the file; replaced if it exists.</param>
    /// <param name="tokens">Token ids that fit the width.</param>
    /// <param name="width">Bytes per token. Default: uint16.</param>
    /// <exception cref="ArgumentOutOfRangeException">An id does not fit the width.</exception>
    public static void Write(string path, ReadOnlySpan<long> tokens, TokenWidth width = TokenWidth.TwoBytes)
    {
        var largest = width == TokenWidth.TwoBytes ? ushort.MaxValue : uint.MaxValue;
        var bytes = new byte[tokens.Length * (int)width];
        for (var i = 0; i < tokens.Length; i++)
        {
            if (tokens[i] < 0 || tokens[i] > largest)
            {
                throw new ArgumentOutOfRangeException(nameof(tokens), tokens[i], $"Token {i} is {tokens[i]}. A file of {(int)width} bytes a token holds ids from 0 to {largest}.");
            }

            var target = bytes.AsSpan(i * (int)width);
            if (width == TokenWidth.TwoBytes)
            {
                System.Buffers.Binary.BinaryPrimitives.WriteUInt16LittleEndian(target, (ushort)tokens[i]);
            }
            else
            {
                System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(target, (uint)tokens[i]);
            }
        }

        Checkpoints.AtomicFile.Write(path, stream => stream.Write(bytes));
    }

    /// <inheritdoc/>
    public void Read(long start, Span<long> destination)
    {
        var bytes = new byte[destination.Length * (int)_width];
        _view.ReadArray(start * (int)_width, bytes, 0, bytes.Length);
        if (_width == TokenWidth.TwoBytes)
        {
            Widen(MemoryMarshal.Cast<byte, ushort>(bytes), destination);
        }
        else
        {
            Widen(MemoryMarshal.Cast<byte, uint>(bytes), destination);
        }
    }

    /// <summary>Closes the mapping.</summary>
    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }

    private static void Widen(ReadOnlySpan<ushort> ids, Span<long> destination)
    {
        for (var i = 0; i < ids.Length; i++)
        {
            destination[i] = ids[i];
        }
    }

    private static void Widen(ReadOnlySpan<uint> ids, Span<long> destination)
    {
        for (var i = 0; i < ids.Length; i++)
        {
            destination[i] = ids[i];
        }
    }
}
