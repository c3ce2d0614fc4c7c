using System.Collections.Concurrent;
using CoMiGS.Demo.Events;
using CoMiGS.Demo.Reports;
using CoMiGS.Demo.Results;

namespace CoMiGS.Demo.Tests.Training;

public sealed class DemoRunTests(DemoFixture demo) : IClassFixture<DemoFixture>
{
    [Fact]
    public async Task Every_device_gets_figures_from_every_method_and_adapters_of_its_own()
    {
        var (result, folder) = await DemoFixture.Run(demo.Tiny with { Output = demo.NewOutput(), Specialists = [1, 3, 1, 0] });

        result.Methods.Select(method => method.Kind).Should().Equal(MethodKind.Local, MethodKind.FedAvg, MethodKind.CoMiGS);
        foreach (var method in result.Methods)
        {
            method.Perplexity.Should().HaveCount(4).And.OnlyContain(value => value > 1 && value < 256);
            method.Curves.Should().OnlyContain(curve => curve.Count == 2 && curve.All(point => point.HeldOut != null));
        }

        result.Routing.Select(routing => routing.ExpertShare[0].Count).Should().Equal(2, 4, 2, 1);
        result.Routing.SelectMany(routing => routing.ExpertShare).Should().OnlyContain(layer => Math.Abs(layer.Sum() - 1) < 1e-9);
        result.Routing.Should().OnlyContain(routing => routing.Sentence.Characters.Count >= 40);
        foreach (var device in result.Devices)
        {
            File.Exists(Path.Combine(folder, "adapters", device.Name, "generalist-0", "adapter_model.safetensors")).Should().BeTrue();
        }
    }

    [Fact]
    public async Task Local_shares_nothing_FedAvg_everything_and_CoMiGS_a_part()
    {
        var (result, _) = await DemoFixture.Run(demo.Tiny with { Output = demo.NewOutput() });

        var everything = result.Of(MethodKind.FedAvg);
        result.Of(MethodKind.Local).BytesPerRound.Should().Be(0);
        ((double)result.Of(MethodKind.CoMiGS).BytesPerRound / everything.BytesPerRound).Should().BeApproximately(0.615, 0.001, "of two experts and the attention one expert stays");
        result.Of(MethodKind.Local).Perplexity.Should().Equal(result.Of(MethodKind.Local).AfterLocalSteps, "without sharing the last synchronisation changes nothing");
        everything.Perplexity.Should().NotEqual(everything.AfterLocalSteps);
    }

    [Fact]
    public async Task The_figures_do_not_depend_on_the_number_of_threads()
    {
        var (one, _) = await DemoFixture.Run(demo.Tiny with { Output = demo.NewOutput(), Threads = 1 });
        var (several, _) = await DemoFixture.Run(demo.Tiny with { Output = demo.NewOutput(), Threads = Math.Max(2, Environment.ProcessorCount) });

        SummaryJson.Of(several with { Threads = 1 }).Should().Be(SummaryJson.Of(one));
    }

    [Fact]
    public async Task Another_seed_gives_other_figures()
    {
        var (first, _) = await DemoFixture.Run(demo.Tiny with { Output = demo.NewOutput(), Rounds = 1, Steps = 1 });
        var (second, _) = await DemoFixture.Run(demo.Tiny with { Output = demo.NewOutput(), Rounds = 1, Steps = 1, Seed = 43 });

        second.BasePerplexity.Should().NotEqual(first.BasePerplexity);
    }

    [Fact]
    public async Task Text_of_your_own_is_taken_from_a_folder()
    {
        using var data = new TemporaryFolder();
        foreach (var (user, text) in new[] { ("user0", "Es war einmal ein König. "), ("user1", "Il était une fois un roi. ") })
        {
            foreach (var split in new[] { "train", "valid", "test" })
            {
                data.WithFile(string.Concat(Enumerable.Repeat(text, 40)), user, $"{split}.txt");
            }
        }

        var (result, _) = await DemoFixture.Run(demo.Tiny with { Output = demo.NewOutput(), DataFolder = data.Path, TrainKilobytes = null });

        result.Devices.Select(device => (device.Name, device.TrainBytes)).Should().Equal(("user0", 1040), ("user1", 1080));
    }

    [Theory]
    [InlineData(new[] { 1, 2, 3 }, null, "--specialists has 3 numbers, but there are 4 devices*")]
    [InlineData(new[] { 1 }, new[] { 8, 8 }, "--train-kb has 2 numbers, but there are 4 devices*")]
    public async Task Lists_that_do_not_fit_the_devices_are_refused_before_any_training(int[] specialists, int[]? trainKilobytes, string expected)
    {
        var heard = new ConcurrentQueue<DemoEvent>();
        var running = () => DemoFixture.Run(
            demo.Tiny with { Output = demo.NewOutput(), Specialists = specialists, TrainKilobytes = trainKilobytes }, heard.Enqueue);

        await running.Should().ThrowAsync<DemoException>().WithMessage(expected);
        heard.Should().BeEmpty();
    }

    [Fact]
    public async Task Cancelling_in_the_middle_of_a_round_leaves_the_files_of_an_earlier_run_and_no_torn_ones()
    {
        var options = demo.Tiny with { Output = demo.NewOutput() };
        var (_, folder) = await DemoFixture.Run(options);
        var before = Contents(folder);
        using var cancellation = new CancellationTokenSource();

        var running = () => DemoFixture.Run(
            options with { Seed = 42, Steps = 3 },
            happened =>
            {
                if (happened is DeviceStep { Method: MethodKind.CoMiGS, StepsDone: 7 })
                {
                    cancellation.Cancel();
                }
            },
            cancellation.Token);

        await running.Should().ThrowAsync<OperationCanceledException>();
        Contents(folder).Should().BeEquivalentTo(before);
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task The_same_seed_gives_the_same_summary_byte_for_byte_and_fine_tuning_helps_everybody()
    {
        using var ownCache = new TemporaryFolder();
        var quick = new CoMiGS.Demo.CommandLine.DemoOptions { Quick = true, Rounds = 6, Cache = ownCache.Path };

        var (result, first) = await DemoFixture.Run(quick with { Output = demo.NewOutput() });
        var (_, second) = await DemoFixture.Run(quick with { Output = demo.NewOutput() });

        File.ReadAllBytes(Path.Combine(second, ReportWriter.Summary)).Should().Equal(File.ReadAllBytes(Path.Combine(first, ReportWriter.Summary)));
        foreach (var method in result.Methods)
        {
            method.Perplexity.Zip(result.BasePerplexity).Should().OnlyContain(pair => pair.First < pair.Second * 0.8);
        }
    }

    private static Dictionary<string, string> Contents(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).ToDictionary(file => file, file => Convert.ToHexString(File.ReadAllBytes(file)));
}
