using System.Buffers.Binary;
using System.Text;

namespace CoMiGS.Tests.Checkpoints;

/// <summary>Safetensors files from a header's text, so that they can say anything.</summary>
internal static class HandMadeFile
{
    public static byte[] Bytes(byte[] header, byte[] data)
    {
        var bytes = new byte[sizeof(ulong) + header.Length + data.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)header.Length);
        header.CopyTo(bytes, sizeof(ulong));
        data.CopyTo(bytes, sizeof(ulong) + header.Length);
        return bytes;
    }

    public static void Write(string path, string header, params byte[] data) => File.WriteAllBytes(path, Bytes(Encoding.UTF8.GetBytes(header), data));
}
