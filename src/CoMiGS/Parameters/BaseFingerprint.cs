using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using static TorchSharp.torch;

namespace CoMiGS.Parameters;

/// <summary>Tells whether two devices hold the same frozen base model, without sending it.</summary>
public static class BaseFingerprint
{
    /// <summary>SHA-256 over names, shapes, types and bytes of all parameters of <paramref name="model"/>, as lower-case hexadecimal.</summary>
    /// <param name="model">The base model, before experts are added.</param>
    public static string Of(nn.Module model)
    {
        using var scope = NewDisposeScope();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[sizeof(long)];
        foreach (var (name, parameter) in model.named_parameters())
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}:{parameter.dtype}:"));
            foreach (var size in parameter.shape)
            {
                BinaryPrimitives.WriteInt64LittleEndian(number, size);
                hash.AppendData(number);
            }

            TensorWindows.ForEachBytes(parameter, hash.AppendData);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
