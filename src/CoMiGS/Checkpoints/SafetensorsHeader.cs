using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace CoMiGS.Checkpoints;

/// <summary>The header of a safetensors file: u64 length, then JSON, then the data part. Nothing in it is believed before it is checked.</summary>
/// <param name="Entries">The tensors, in the header's order.</param>
/// <param name="Metadata">The strings under <see cref="MetadataName"/>.</param>
internal sealed record SafetensorsHeader(IReadOnlyList<SafetensorsEntry> Entries, IReadOnlyDictionary<string, string> Metadata)
{
    public const string MetadataName = "__metadata__";

    /// <summary>Most bytes of a header, as in the reference implementation.</summary>
    public const long MaximumBytes = 100_000_000;

    private const int LengthBytes = sizeof(ulong);

    public static SafetensorsHeader Read(SafeFileHandle handle, string file)
    {
        var fileBytes = RandomAccess.GetLength(handle);
        Span<byte> length = stackalloc byte[LengthBytes];
        if (fileBytes < LengthBytes || !Fill(handle, length, 0))
        {
            throw new SafetensorsException(file, null, $"The file has {fileBytes} bytes, fewer than the {LengthBytes} of the header length. It was cut off, or is no safetensors file.");
        }

        if (length.SequenceEqual("version "u8))
        {
            throw new SafetensorsException(file, null, "The file is a pointer of Git LFS, not the weights themselves. Get them with 'git lfs pull'.");
        }

        var claimed = BinaryPrimitives.ReadUInt64LittleEndian(length);
        if (claimed > (ulong)(fileBytes - LengthBytes))
        {
            throw new SafetensorsException(file, null, $"The header claims {claimed} bytes, but the file has {fileBytes - LengthBytes} after its length. It was cut off, or is no safetensors file.");
        }

        if (claimed > MaximumBytes)
        {
            throw new SafetensorsException(file, null, $"The header claims {claimed} bytes; at most {MaximumBytes} are read. It is no safetensors file, or holds far too many tensors.");
        }

        var json = new byte[claimed];
        if (!Fill(handle, json, LengthBytes))
        {
            throw new SafetensorsException(file, null, "The file was cut off while its header was read.");
        }

        var (tensors, metadata) = SafetensorsHeaderJson.Parse(json, file);
        var dataStart = LengthBytes + json.Length;
        return new(SafetensorsLayout.Check(tensors, file, dataStart, fileBytes - dataStart), metadata);
    }

    private static bool Fill(SafeFileHandle handle, Span<byte> buffer, long offset)
    {
        while (!buffer.IsEmpty)
        {
            var read = RandomAccess.Read(handle, buffer, offset);
            if (read == 0)
            {
                return false;
            }

            buffer = buffer[read..];
            offset += read;
        }

        return true;
    }
}
