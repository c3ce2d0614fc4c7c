namespace CoMiGS.Checkpoints;

/// <summary>Whether the tensors that a header claims can be: known types, sizes that fit their bytes, and data without gap or overlap.</summary>
internal static class SafetensorsLayout
{
    /// <summary>Most dimensions of a tensor; torch's own iterators take no more.</summary>
    public const int MaximumRank = 64;

    /// <exception cref="SafetensorsException">They cannot be; the message names the first tensor that is wrong.</exception>
    public static IReadOnlyList<SafetensorsEntry> Check(IReadOnlyList<ClaimedTensor> tensors, string file, long dataStart, long dataBytes)
    {
        var entries = new SafetensorsEntry[tensors.Count];
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = Entry(tensors[i], file, dataStart, dataBytes);
        }

        long end = 0;
        foreach (var tensor in tensors.OrderBy(t => t.Begin).ThenBy(t => t.End))
        {
            if (tensor.Begin != end)
            {
                throw new SafetensorsException(file, tensor.Name, tensor.Begin < end
                    ? $"Its bytes begin at {tensor.Begin}, inside the tensor that ends at {end}."
                    : $"Its bytes begin at {tensor.Begin}, but the tensor before it ends at {end}. The format allows no gap.");
            }

            end = tensor.End;
        }

        return end == dataBytes ? entries : throw new SafetensorsException(file, null, $"The file has {dataBytes} bytes of data, but its tensors end at {end}.");
    }

    private static SafetensorsEntry Entry(ClaimedTensor tensor, string file, long dataStart, long dataBytes)
    {
        var (name, type, shape, begin, end) = tensor;
        if (end < begin || end > dataBytes)
        {
            throw new SafetensorsException(file, name, $"Its data offsets [{begin}, {end}] do not lie in the {dataBytes} bytes of data. The file was cut off or damaged.");
        }

        var torchType = SafetensorsType.Torch(type)
            ?? throw new SafetensorsException(file, name, $"Its type is '{SafetensorsException.Shown(type)}'. This library reads {SafetensorsType.Known}.");
        if (Bytes(shape, SafetensorsType.Width(torchType)) != end - begin)
        {
            throw new SafetensorsException(file, name, $"Its shape [{string.Join(", ", shape)}] of {type} does not fit its {end - begin} bytes.");
        }

        return new(name, torchType, shape, dataStart + begin, end - begin, file);
    }

    /// <summary>Size in bytes, or -1 where it overflows, also where a size of zero would hide that.</summary>
    private static long Bytes(long[] shape, int width)
    {
        Int128 bytes = width;
        foreach (var size in shape.Where(size => size > 0))
        {
            bytes *= size;
            if (bytes > long.MaxValue)
            {
                return -1;
            }
        }

        return shape.Contains(0) ? 0 : (long)bytes;
    }
}
