using CoMiGS.Transport;
using FsCheck;
using FsCheck.Fluent;

namespace CoMiGS.Transport.Tests;

/// <summary>Messages with arbitrary content, within the default limits.</summary>
internal static class Messages
{
    private static readonly string[] Alphabet = ["a", "Z", "0", ".", "_", "-", " ", "ü", "語", "😀"];

    public static Gen<string> Name { get; } =
        Gen.Elements(Alphabet).ArrayOf().Where(parts => parts.Length is > 0 and < 40).Select(parts => string.Concat(parts));

    public static Gen<string> Text { get; } =
        Gen.Elements([.. Alphabet, "\n", "\t"]).ArrayOf().Where(parts => parts.Length < 100).Select(parts => string.Concat(parts));

    public static Gen<long> Long { get; } = ArbMap.Default.GeneratorFor<long>();

    public static Gen<int> Int { get; } = ArbMap.Default.GeneratorFor<int>();

    public static Gen<RefusalCode> Code { get; } = Gen.Elements(Enum.GetValues<RefusalCode>());

    public static Gen<TensorType> Type { get; } = Gen.Elements(Enum.GetValues<TensorType>());

    public static Gen<TensorSpec[]> Specs { get; } =
        from names in Name.ArrayOf()
        from shapes in Gen.Choose(0, 5).Select(d => (long)d).ArrayOf().Where(s => s.Length <= 4).ArrayOf(names.Length)
        from types in Type.ArrayOf(names.Length)
        select names.Select((name, i) => new TensorSpec(name, types[i], [.. shapes[i]])).DistinctBy(spec => spec.Name).ToArray();

    public static Gen<TensorSet> Tensors { get; } =
        from specs in Specs
        from seed in Int
        select new TensorSet(specs.Select((spec, i) => new NamedTensor(spec, AnyBits(spec.ByteCount, seed + i))));

    public static Gen<AdapterPair[]> Adapters { get; } =
        (from a in Name from b in Name from scale in Gen.Choose(1, int.MaxValue) select new AdapterPair(a, b, scale / 1000.0)).ArrayOf();

    public static Gen<CheckIn> CheckIns { get; } =
        from run in Name
        from device in Name
        from fingerprint in Name
        from shared in Specs
        from samples in Long
        from protocol in Int
        from adapters in Adapters
        from abilities in Name.ArrayOf()
        select new CheckIn(run, device, fingerprint, shared, samples, protocol) { Adapters = adapters, Abilities = abilities };

    public static Gen<ExpertUpdate> Updates { get; } =
        from run in Name
        from device in Name
        from round in Int
        from attempt in Int
        from samples in Long
        from tensors in Tensors
        from metrics in ArbMap.Default.GeneratorFor<double>().ArrayOf()
        from names in Name.ArrayOf(metrics.Length)
        from content in Gen.Elements(Enum.GetValues<UpdateContent>())
        select new ExpertUpdate(
            run, round, device, attempt, "base", samples, tensors, names.Zip(metrics).DistinctBy(m => m.First).ToDictionary(m => m.First, m => m.Second)) { Content = content };

    public static Gen<CheckInReply> Replies { get; } = Gen.OneOf(
        from run in Name
        from numbers in Int.ArrayOf(3)
        from longs in Long.ArrayOf(2)
        from shared in Specs
        from late in Gen.Choose(-1, int.MaxValue)
        from type in Type
        select (CheckInReply)new RoundPlan(
            run, numbers[0], numbers[1], longs[0], longs[1], numbers[2], shared, "base", late < 0 ? null : DateTimeOffset.UnixEpoch.AddSeconds(late)) { SendAs = type },
        from shortest in Gen.Choose(0, int.MaxValue)
        from more in Gen.Choose(0, int.MaxValue)
        from reason in Text
        select (CheckInReply)new RetryWindow(TimeSpan.FromMicroseconds(shortest), TimeSpan.FromMicroseconds(shortest + (long)more), reason),
        from rounds in Int
        from version in Long
        select (CheckInReply)new RunFinished(rounds, version),
        from code in Code
        from reason in Text
        select (CheckInReply)new Refused(code, reason));

    public static Gen<DownloadRequest> Downloads { get; } =
        from run in Name
        from device in Name
        from version in Long
        from type in Type
        select new DownloadRequest(run, device, version) { Type = type };

    public static Gen<UpdateReceipt> Receipts { get; } =
        from accepted in Gen.Elements(true, false)
        from code in Code
        from reason in Text
        select new UpdateReceipt(accepted, code, reason);

    /// <summary>A small update whose payload the tests spoil on purpose.</summary>
    public static ExpertUpdate Update(params NamedTensor[] tensors) =>
        new("run", 1, "anna", 1, "base", 10, new TensorSet(tensors), new Dictionary<string, double> { ["loss"] = 1.5 });

    private static byte[] AnyBits(long count, int seed)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
