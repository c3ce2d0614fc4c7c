using CoMiGS.Bench.Harness;
using CoMiGS.Bench.Reports;
using CoMiGS.Bench.Results;
using CoMiGS.Bench.Strategies;
using CoMiGS.Parameters;
using CoMiGS.Transport;

namespace CoMiGS.Bench.Codec;

/// <summary>The numbers of an update as a message and back, in every type that they travel in, beside a copy of them.</summary>
internal sealed class CodecSection : Section
{
    private const string Codec = "codec";
    private const string Encode = "encode", Decode = "decode", Copy = "copy", Bytes = "bytes";

    /// <inheritdoc/>
    public override string Name => Codec;

    /// <inheritdoc/>
    public override IEnumerable<Job> Jobs(bool smoke) => Enum.GetNames<TensorType>().Select(type => new Job(Name, type, BlasSetting.Detected.Name, Seconds: 4, smoke));

    /// <inheritdoc/>
    public override IEnumerable<Measurement> Measure(Job job)
    {
        var update = Devices.Updates(1, job.Smoke, LoraFactor.None)[0].Update;
        var type = Enum.Parse<TensorType>(job.Case);
        List<(TensorSpec Spec, float[] Values)> numbers = [.. update.Tensors.Select(tensor => (tensor.Spec, tensor.ToFloats()))];
        var payload = Packed();
        var copy = new byte[update.Tensors.TotalBytes];
        return
        [
            .. job.Time(
            [
                new(Encode, () => Packed()),
                new(Decode, () => Unpack(payload)),
                new(Copy, () => CopyAll(update.Tensors, copy)),
            ]),
            job.Of(Bytes, Measurement.Bytes, [payload.Length]),
        ];

        byte[] Packed() => PayloadCodec.Encode(update with { Tensors = new(numbers.Select(n => NamedTensor.FromFloats(n.Spec.Name, n.Spec.Shape.AsSpan(), n.Values, type))) });
    }

    /// <inheritdoc/>
    public override string Table(BenchResults results)
    {
        var table = new MarkdownTable("numbers as", "message MB", "/ Float32", "", "ms", "min", "spread", "/ copy");
        foreach (var measured in results.Of(Name).Where(m => m.Unit == Measurement.Seconds))
        {
            table.Add([
                measured.Case, Text.Digits(results.Find(Name, measured.Case, Bytes, measured.Blas)?.Median / 1e6), Text.Ratio(BytesByFloat32(results, Enum.Parse<TensorType>(measured.Case)), 3), measured.Subject, .. Text.Times(measured.Sample()),
                Text.Ratio(results.Ratio(Name, measured.Case, measured.Subject, Copy, measured.Blas)),
            ]);
        }

        return table.ToString();
    }

    /// <summary>How long a message is, by the same one in float32; null where it was not measured.</summary>
    public static double? BytesByFloat32(BenchResults results, TensorType type) =>
        BytesOf(results, type) is { } bytes && BytesOf(results, TensorType.Float32) is { } full ? bytes / full : null;

    private static double? BytesOf(BenchResults results, TensorType type) => results.Find(Codec, type.ToString(), Bytes, BlasSetting.Detected.Name)?.Median;

    private static void Unpack(byte[] payload)
    {
        foreach (var tensor in PayloadCodec.DecodeExpertUpdate(payload).Tensors)
        {
            tensor.ToFloats();
        }
    }

    private static void CopyAll(TensorSet tensors, Span<byte> to)
    {
        foreach (var tensor in tensors)
        {
            tensor.Data.Span.CopyTo(to);
            to = to[tensor.Data.Length..];
        }
    }
}
