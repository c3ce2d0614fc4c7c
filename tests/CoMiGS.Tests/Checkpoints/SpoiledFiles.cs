using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace CoMiGS.Tests.Checkpoints;

/// <summary>Valid safetensors files with something changed: bits, lengths, pieces, or a header that is still JSON but lies.</summary>
internal static class SpoiledFiles
{
    private const string Metadata = "__metadata__";
    private static readonly string[] Types = ["F64", "F32", "F16", "BF16", "I64", "I32", "I16", "I8", "U8", "BOOL"];
    private static readonly string[] Fields = ["dtype", "shape", "data_offsets", "new"];
    private static readonly int[] Widths = [8, 4, 2, 2, 8, 4, 2, 1, 1, 1];
    private static readonly long[] Extremes = [-1, 0, 1, 2, 3, 7, 255, 65_536, int.MaxValue, 1L << 32, 1L << 61, 1L << 62, long.MaxValue, long.MinValue];

    /// <summary>A few tensors of any types, of up to three dimensions, with data.</summary>
    public static Gen<byte[]> Valid { get; } =
        from tensors in Gen.Choose(0, 4).SelectMany(count => Tensor.ArrayOf(count))
        from metadata in Gen.Elements(true, false)
        from padding in Gen.Choose(0, 8)
        select File(tensors, metadata, padding);

    /// <summary>A valid file after one to three changes.</summary>
    public static Gen<byte[]> Spoiled { get; } =
        from file in Valid
        from changes in Gen.Choose(1, 3).SelectMany(count => Change.ArrayOf(count))
        select changes.Aggregate(file, (bytes, change) => bytes.Length == 0 ? bytes : change(bytes));

    private static Gen<(int Type, int[] Shape)> Tensor =>
        from type in Gen.Choose(0, Types.Length - 1)
        from shape in Gen.Choose(0, 3).SelectMany(rank => Gen.Choose(0, 4).ArrayOf(rank))
        select (type, shape);

    private static Gen<Func<byte[], byte[]>> Change => Gen.Frequency(
        (3, BitFlip), (1, Truncated), (2, Inserted), (1, Removed), (1, HeaderLength), (8, LyingHeader));

    private static Gen<Func<byte[], byte[]>> BitFlip =>
        from at in Place
        from bit in Gen.Choose(0, 7)
        select Changed(bytes => bytes[at % bytes.Length] ^= (byte)(1 << bit));

    private static Gen<Func<byte[], byte[]>> Truncated =>
        from at in Place
        select new Func<byte[], byte[]>(bytes => bytes[..(at % bytes.Length)]);

    private static Gen<Func<byte[], byte[]>> Inserted =>
        from at in Place
        from piece in Gen.Choose(0, 255).Select(b => (byte)b).ArrayOf(3)
        select new Func<byte[], byte[]>(bytes => [.. bytes[..(at % bytes.Length)], .. piece, .. bytes[(at % bytes.Length)..]]);

    private static Gen<Func<byte[], byte[]>> Removed =>
        from at in Place
        from length in Gen.Choose(1, 16)
        select new Func<byte[], byte[]>(bytes => [.. bytes[..(at % bytes.Length)], .. bytes.Skip((at % bytes.Length) + length)]);

    private static Gen<Func<byte[], byte[]>> HeaderLength =>
        from length in Gen.Elements(Extremes)
        select Changed(bytes => BitConverter.GetBytes(length).AsSpan(0, Math.Min(8, bytes.Length)).CopyTo(bytes));

    private static Gen<Func<byte[], byte[]>> LyingHeader =>
        from tensor in Place
        from other in Place
        from extreme in Gen.Elements(Extremes)
        from lie in Gen.Elements(Lies)
        select new Func<byte[], byte[]>(bytes => Edit(bytes, header => lie(header, tensor, other, extreme)));

    private static Gen<int> Place => Gen.Choose(0, 4096);

    private static Action<JsonObject, int, int, long>[] Lies =>
    [
        (header, i, j, _) => Swap(One(header, i), One(header, j), "data_offsets"),
        (header, i, j, _) => Swap(One(header, i), One(header, j), "shape"),
        (header, i, j, extreme) => Put(One(header, i)["data_offsets"], j, extreme),
        (header, i, j, extreme) => Put(One(header, i)["shape"], j, extreme),
        (header, i, _, extreme) => (One(header, i)["shape"] as JsonArray)?.Add(extreme),
        (header, i, j, _) => One(header, i)["dtype"] = j % 3 == 0 ? "F8_E4M3" : Types[j % Types.Length],
        (header, i, j, _) => One(header, i).Remove(Fields[j % 3]),
        (header, i, j, _) => One(header, i)[Fields[j % 4]] = new JsonArray(new JsonArray(new JsonObject { ["a"] = "b" })),
        (header, i, j, _) => header[$"new{j}"] = One(header, i).DeepClone(),
        (header, i, j, extreme) => (One(header, i)["shape"], One(header, i)["data_offsets"]) = (new JsonArray(extreme, j), new JsonArray(0, extreme)),
        (header, i, _, extreme) => header[Metadata] = i % 2 == 0 ? new JsonObject { ["a"] = extreme } : extreme,
    ];

    private static byte[] File((int Type, int[] Shape)[] tensors, bool metadata, int padding)
    {
        var header = new JsonObject();
        if (metadata)
        {
            header[Metadata] = new JsonObject { ["format"] = "pt" };
        }

        var end = 0;
        for (var i = 0; i < tensors.Length; i++)
        {
            var (type, shape) = tensors[i];
            var bytes = shape.Aggregate(Widths[type], (product, size) => product * size);
            header[$"layer.{i}.weight"] = new JsonObject
            {
                ["dtype"] = Types[type],
                ["shape"] = new JsonArray([.. shape.Select(size => (JsonNode)size)]),
                ["data_offsets"] = new JsonArray(end, end + bytes),
            };
            end += bytes;
        }

        return HandMadeFile.Bytes(Encoding.UTF8.GetBytes(header.ToJsonString() + new string(' ', padding)), [.. Enumerable.Range(0, end).Select(i => (byte)i)]);
    }

    private static Func<byte[], byte[]> Changed(Action<byte[]> change) => bytes =>
    {
        var copy = bytes.ToArray();
        change(copy);
        return copy;
    };

    /// <summary>Changes the header as JSON; a file whose header an earlier change has broken stays as it is.</summary>
    private static byte[] Edit(byte[] bytes, Action<JsonObject> edit)
    {
        if (bytes.Length < sizeof(long) || BitConverter.ToInt64(bytes) is var length && (length < 0 || length > bytes.Length - sizeof(long)))
        {
            return bytes;
        }

        try
        {
            if (JsonNode.Parse(bytes.AsSpan(sizeof(long), (int)length)) is JsonObject header && header.Any(p => p.Key != Metadata))
            {
                edit(header);
                return HandMadeFile.Bytes(Encoding.UTF8.GetBytes(header.ToJsonString()), bytes[(sizeof(long) + (int)length)..]);
            }
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or InvalidOperationException or ArgumentException)
        {
            return bytes; // spoiled already, in a way that cannot be edited any more
        }

        return bytes;
    }

    private static JsonObject One(JsonObject header, int i)
    {
        var tensors = header.Where(p => p.Key != Metadata).ToList();
        return tensors[i % tensors.Count].Value as JsonObject ?? [];
    }

    private static void Swap(JsonObject one, JsonObject other, string field) =>
        (one[field], other[field]) = (other[field]?.DeepClone(), one[field]?.DeepClone());

    private static void Put(JsonNode? numbers, int at, long number)
    {
        if (numbers is JsonArray { Count: > 0 } array)
        {
            array[at % array.Count] = number;
        }
    }
}
