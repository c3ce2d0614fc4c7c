using CoMiGS.Bench.Harness;
using CoMiGS.Bench.Reports;
using CoMiGS.Bench.Results;

namespace CoMiGS.Bench.Blocks;

/// <summary>One feed-forward block, forward and backward.</summary>
internal sealed class BlockSection : Section
{
    /// <summary>Its name.</summary>
    public const string Block = "block";

    private const int TargetWidth = 768;

    /// <inheritdoc/>
    public override string Name => Block;

    /// <inheritdoc/>
    public override IEnumerable<Job> Jobs(bool smoke) =>
        from blas in BlasSetting.Both
        from block in BlockCase.All(smoke)
        where blas == BlasSetting.Detected || (block.Width == TargetWidth && block.Shape == BlockCase.Gpt2) // whose figures are targets
        select new Job(Name, block.ToString(), blas.Name, Seconds: block.Width == TargetWidth ? 14 : 8, smoke);

    /// <inheritdoc/>
    public override IEnumerable<Measurement> Measure(Job job) =>
        job.Time(new BlockSubjects(BlockCase.All(job.Smoke).Single(block => block.ToString() == job.Case)).All);

    /// <inheritdoc/>
    public override string Table(BenchResults results)
    {
        var table = new MarkdownTable(
            "BLAS", "shape", "d", "tokens", "base", "n", "k", "ms", "min", "spread", "/ frozen", "/ plain LoRA", "/ composed plain LoRA", "per-expert dispatch ms", "dispatch / this");
        foreach (var (blas, of) in results.Of(Name).Select(m => (m.Blas, m.Case)).Distinct())
        {
            foreach (var (experts, topK) in BlockCase.Mixtures)
            {
                var subject = experts == 1 ? BlockSubjects.PlainLora : BlockSubjects.NameOf(experts, topK);
                var dispatch = BlockSubjects.DispatchOf(experts, topK);
                table.Add([
                    blas, .. of.Split(Measurement.Separator), $"{experts}", $"{topK}", .. Text.Times(results.Find(Name, of, subject, blas)),
                    Text.Ratio(results.Ratio(Name, of, subject, BlockSubjects.Frozen, blas)),
                    Text.Ratio(results.Ratio(Name, of, subject, BlockSubjects.PlainLora, blas)),
                    Text.Ratio(results.Ratio(Name, of, subject, BlockSubjects.PlainLoraComposed, blas)),
                    Text.Milliseconds(results.Find(Name, of, dispatch, blas)?.Median),
                    Text.Ratio(results.Ratio(Name, of, dispatch, subject, blas)),
                ]);
            }
        }

        return table.ToString();
    }
}
