using CoMiGS.Bench.Blocks;
using CoMiGS.Bench.Codec;
using CoMiGS.Bench.Coordination;
using CoMiGS.Bench.Engine;
using CoMiGS.Bench.Growth;
using CoMiGS.Bench.Harness;
using CoMiGS.Bench.Memory;
using CoMiGS.Bench.Quality;
using CoMiGS.Bench.Reports;
using CoMiGS.Bench.Results;
using CoMiGS.Bench.Steps;
using CoMiGS.Transport;
using static TorchSharp.torch;

namespace CoMiGS.Bench.Targets;

/// <summary>What is asked of the library's speed and memory, held against what was measured.</summary>
internal static class TargetTable
{
    /// <summary>The results with their targets judged.</summary>
    public static BenchResults Judge(BenchResults results) => results with { Targets = [.. Rows(results)] };

    /// <summary>The table, in Markdown.</summary>
    public static string Table(BenchResults results) => results.Targets.Aggregate(
        new MarkdownTable("target", "BLAS", "limit", "measured", "result"),
        (table, row) => table.Add(row.Target, row.Blas, $"{(row.AtLeast ? "at least" : "at most")} {Text.Ratio(row.Limit, 3)}", Text.Ratio(row.Measured, 3), row.Result)).ToString();

    private static IEnumerable<TargetRow> Rows(BenchResults results) =>
        from ask in All
        from blas in ask.Settings
        select new TargetRow(ask.Text, blas.Name, ask.Limit, ask.AtLeast, ask.Measured(results, blas.Name));

    private static IEnumerable<Ask> All => [.. OfBlocks, .. OfSteps, .. OfMemory, .. OfCoordination, .. OfTheRest];

    private static IEnumerable<Ask> OfBlocks
    {
        get
        {
            foreach (var type in new[] { ScalarType.Float32, ScalarType.BFloat16 })
            {
                yield return Block(type, BlockSubjects.NameOf(2, 2), BlockSubjects.PlainLora, 1.25);
                yield return Block(type, BlockSubjects.NameOf(8, 2), BlockSubjects.PlainLora, 1.35);
            }

            yield return Block(ScalarType.BFloat16, BlockSubjects.DispatchOf(2, 2), BlockSubjects.NameOf(2, 2), 3, atLeast: true);
            yield return Block(ScalarType.BFloat16, BlockSubjects.DispatchOf(8, 2), BlockSubjects.NameOf(8, 2), 4, atLeast: true);
        }
    }

    private static IEnumerable<Ask> OfSteps =>
        from type in new[] { ScalarType.Float32, ScalarType.BFloat16 }
        from ask in new[]
        {
            Step(type, StepSubject.NameOf(2), StepSubject.PlainLora, 1.15),
            Step(type, StepSubject.NameOf(2), StepSubject.Frozen, 1.45),
            Step(type, StepSubject.NameOf(8), StepSubject.NameOf(2), 1.2),
            Step(type, StepSection.Router, StepSubject.NameOf(2), 1.05),
        }
        select ask;

    private static IEnumerable<Ask> OfMemory
    {
        get
        {
            foreach (var type in new[] { ScalarType.Float32, ScalarType.BFloat16 })
            {
                yield return Memory(type, 8, type, 2, 1.1);
                yield return Memory(type, 2, type, 1, 1.15);
            }

            yield return Memory(ScalarType.BFloat16, 2, ScalarType.Float32, 2, 0.65);
            yield return Memory(ScalarType.BFloat16, 8, ScalarType.Float32, 8, 0.65);
        }
    }

    private static IEnumerable<Ask> OfCoordination =>
    [
        .. from threads in SumSection.Threads
           let of = SumSection.CaseOf(threads)
           select Detected($"adding an update on {threads} {(threads == 1 ? "thread" : "threads")}: {SumSection.Plain} / {SumSection.Exact}", 0.6, atLeast: true,
               (results, blas) => results.Ratio(SumSection.Sum, of, SumSection.Plain, SumSection.Exact, blas)),
        .. from version in HttpSection.HttpVersions
           from way in new[] { HttpSection.Upload, HttpSection.Download }
           select Detected($"{way} over HTTP/{version} and TLS: {HttpSection.Plain}request / {way}", 0.6, atLeast: true,
               (results, blas) => results.Ratio(HttpSection.Http, version, HttpSection.Plain + way, way, blas)),
        .. from way in new[] { CoordinatorMemorySection.OneRound, CoordinatorMemorySection.Rounds }
           select Detected($"peak memory of a coordinator, {way}: most updates / fewest", 1.15, atLeast: false, (results, _) => CoordinatorMemorySection.MostOverFewest(results, way)),
        Detected("bytes of an update: BFloat16 / Float32", 0.505, atLeast: false, (results, _) => CodecSection.BytesByFloat32(results, TensorType.BFloat16)),
        Detected("bytes of an update: Int8 / Float32", 0.27, atLeast: false, (results, _) => CodecSection.BytesByFloat32(results, TensorType.Int8)),
    ];

    private static IEnumerable<Ask> OfTheRest =>
    [
        new($"step of a perceptron, {MlpSize.Large.Batch:#,0} rows, {MlpSize.Large.Width} - {MlpSize.Large.Hidden} - {MlpSize.Large.Width}: {EngineSection.DotNet} / {EngineSection.Cpp}", 1.03, false, BlasSetting.Both,
            (results, blas) => results.Ratio(EngineSection.Engine, MlpSize.Large.ToString(), EngineSection.DotNet, EngineSection.Cpp, blas)),
        new("tokens a second, slowest / fastest of 512 to 8,192 tokens a step", 0.9, true, [BlasSetting.Detected], (results, _) => GrowthSection.SlowestOverFastest(results, GrowthSection.Step)),
        new("tokens a second, slowest / fastest of 128 to 512 generated tokens", 0.9, true, [BlasSetting.Detected], (results, _) => GrowthSection.SlowestOverFastest(results, GrowthSection.Generation)),
        new("perplexity, BFloat16 base / Float32 base", 1.003, false, [BlasSetting.Detected],
            (results, blas) => results.Ratio(QualitySection.Quality, QualitySection.Case, $"{ScalarType.BFloat16}", $"{ScalarType.Float32}", blas)),
    ];

    private static Ask Detected(string text, double limit, bool atLeast, Func<BenchResults, string, double?> measured) => new(text, limit, atLeast, [BlasSetting.Detected], measured);

    private static Ask Memory(ScalarType type, int experts, ScalarType baseType, int baseExperts, double limit) => new(
        $"peak memory of a GPT-2-small step: {MemorySection.NameOf(type, experts)} / {MemorySection.NameOf(baseType, baseExperts)}", limit, false, [BlasSetting.Detected],
        (results, blas) => results.Ratio(MemorySection.Memory, MemorySection.Case, MemorySection.NameOf(type, experts), MemorySection.NameOf(baseType, baseExperts), blas));

    private static Ask Block(ScalarType type, string subject, string baseline, double limit, bool atLeast = false) => new(
        $"block, d = 768, 1,024 tokens, {type} base: {subject} / {baseline}",
        limit,
        atLeast,
        BlasSetting.Both,
        (results, blas) => results.Ratio(BlockSection.Block, new BlockCase(BlockCase.Gpt2, 768, 1024, type).ToString(), subject, baseline, blas));

    private static Ask Step(ScalarType type, string subject, string baseline, double limit) => new(
        $"GPT-2-small step, {type} base: {subject} / {baseline}", limit, false, BlasSetting.Both, (results, blas) => results.Ratio(StepSection.Step, type.ToString(), subject, baseline, blas));

    private sealed record Ask(string Text, double Limit, bool AtLeast, IReadOnlyList<BlasSetting> Settings, Func<BenchResults, string, double?> Measured);
}
