using System.Security.Cryptography;
using CoMiGS.Checkpoints;
using CoMiGS.Layers;
using CoMiGS.Parameters;
using CoMiGS.Tests.Models;
using CoMiGS.Training;
using Microsoft.Extensions.Logging;
using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace CoMiGS.Tests.Checkpoints;

/// <summary>States that are damaged or another's, seen through the trainer that is to load them.</summary>
public sealed class TrainingStateFolderTests : IDisposable
{
    private readonly ITestOutputHelper _output;
    private readonly string _folder = Directory.CreateTempSubdirectory("comigs").FullName;
    private readonly Log _log = new();
    private readonly MoeModel _moe = Moe();
    private readonly BilevelTrainer _trainer;

    public TrainingStateFolderTests(ITestOutputHelper output)
    {
        _output = output;
        _trainer = new BilevelTrainer(_moe, Tiny.Data(), Options(), logger: _log);
    }

    private static string Weights(string state) => Path.Combine(state, "training.safetensors");

    private static string Json(string state) => Path.Combine(state, "training.json");

    [Fact]
    public void The_newest_state_and_the_one_before_are_kept()
    {
        var paths = Enumerable.Range(0, 4).Select(_ => _trainer.SaveState(_folder)).ToList();

        Directory.GetFileSystemEntries(_folder).Order().Should().Equal(paths[2..]);
        Directory.GetFiles(paths[3]).Select(Path.GetFileName).Order().Should().Equal("training.json", "training.safetensors");
    }

    [Fact]
    public void A_flipped_bit_anywhere_is_found_and_the_state_before_is_used()
    {
        var seed = RandomNumberGenerator.GetInt32(int.MaxValue);
        _output.WriteLine($"Bits by seed {seed}.");
        var random = new SeededRandom(seed);
        var (good, bad) = SaveTwo();
        for (var i = 0; i < 150; i++)
        {
            var file = i % 3 == 0 ? Json(bad) : Weights(bad);
            var bytes = File.ReadAllBytes(file);
            var at = (int)random.NextInt64(i % 3 == 1 ? Math.Min(4000, bytes.Length) : bytes.Length); // the header as often as the data
            var flipped = (byte[])bytes.Clone();
            flipped[at] ^= (byte)(1 << (int)random.NextInt64(8));
            File.WriteAllBytes(file, flipped);

            var resumed = _trainer.LoadState(_folder)!;

            resumed.Should().BeEquivalentTo(new { Path = good, Step = 3 }, "byte {0} of {1}", at, file);
            resumed.Refused.Should().ContainSingle().Which.Reason.Should().Contain(Path.GetFileName(file));
            File.WriteAllBytes(file, bytes);
        }

        _trainer.LoadState(_folder).Should().BeEquivalentTo(new { Path = bad, Step = 5 });
    }

    [Fact]
    public void A_flipped_bit_of_a_tensor_is_reported_with_file_tensor_and_reason()
    {
        var (good, bad) = SaveTwo();
        using (var stream = File.OpenWrite(Weights(bad)))
        {
            stream.Seek(-1, SeekOrigin.End);
            stream.WriteByte(0x55);
        }

        var resumed = _trainer.LoadState(_folder)!;

        resumed.Path.Should().Be(good);
        resumed.Refused.Should().ContainSingle().Which.Should().Match<RefusedState>(r =>
            r.Path == bad && r.Reason.Contains(Weights(bad)) && r.Reason.Contains("tensor 'h.1.mlp.router.weight.exp_avg_sq'") && r.Reason.Contains("SHA-256"));
        _log.Warnings.Should().ContainSingle().Which.Should().Contain(bad).And.Contain("SHA-256");
    }

    [Theory]
    [InlineData("training.safetensors")]
    [InlineData("training.json")]
    public void A_file_cut_off_anywhere_is_found_and_the_state_before_is_used(string name)
    {
        var (good, bad) = SaveTwo();
        var file = Path.Combine(bad, name);
        var bytes = File.ReadAllBytes(file);
        foreach (var length in new[] { 0, 7, 8, 9, 500, bytes.Length / 2, bytes.Length - 2 })
        {
            File.WriteAllBytes(file, bytes[..length]);

            var resumed = _trainer.LoadState(_folder)!;

            resumed.Path.Should().Be(good, "{0} bytes were left", length);
            resumed.Refused.Should().ContainSingle().Which.Reason.Should().Contain(file);
        }

        File.Delete(file);
        _trainer.LoadState(_folder)!.Path.Should().Be(good);
    }

    [Fact]
    public void A_cut_off_file_of_tensors_names_the_tensor()
    {
        var (_, bad) = SaveTwo();
        var bytes = File.ReadAllBytes(Weights(bad));
        File.WriteAllBytes(Weights(bad), bytes[..^4]);

        _trainer.LoadState(_folder)!.Refused[0].Reason.Should().Contain("tensor 'h.1.mlp.router.weight.exp_avg_sq'").And.Contain("cut off");
    }

    [Fact]
    public void The_good_state_stays_until_another_good_one_lies_beside_it()
    {
        var (good, bad) = SaveTwo();
        File.WriteAllBytes(Weights(bad), []);
        _trainer.LoadState(_folder);

        var next = _trainer.SaveState(_folder);

        Directory.GetDirectories(_folder).Order().Should().Equal(good, next);
    }

    [Fact]
    public void Another_model_device_and_options_are_refused_with_every_difference_and_nothing_changes()
    {
        SaveTwo();
        using var other = new CoMiGS.Models.Gpt(new() { VocabularySize = 256, BlockSize = 32, Layers = 2, Heads = 2, Width = 16, Seed = 8 }).AddExperts(new() { Specialists = 2, Rank = 4, Dropout = 0.1, LoadBalance = 0.5 });
        using var trainer = new BilevelTrainer(other, Tiny.Data(), Options(o => (o.LearningRate, o.Seed, o.Window, o.RouterEvery) = (0.5, 9, 8, 4)), device: "ben");
        var before = Values(other);

        var act = () => trainer.LoadState(_folder);

        var refusal = act.Should().Throw<TrainingStateException>().Which;
        refusal.Refused.Should().HaveCount(2);
        string[] expected =
        [
            "device 'device', but this is device 'ben'", "base_fingerprint", "balance_loss is", "experts.specialists is 1, but here it is 2", "experts.lora.rank is 8", "experts.lora.dropout is 0",
            "training.learning_rate is 0.01, but here it is 0.5", "training.seed is 42, but here it is 9", "training.window is 16", "training.router_every is 3",
            "tensor 'h.0.mlp.experts.2.c_fc.lora_A': it is not in the state", "tensor 'h.0.mlp.experts.0.c_fc.lora_A': it is F32 [8, 16], but the model needs F32 [4, 16]",
        ];
        expected.Should().AllSatisfy(text => refusal.Message.Should().Contain(text));
        Values(other).Should().Equal(before);
        trainer.Step.Should().Be(0);
    }

    [Fact]
    public void When_no_state_is_usable_every_reason_is_listed_and_nothing_changes()
    {
        var (good, bad) = SaveTwo();
        _trainer.Train(1);
        var before = Values(_moe);
        File.WriteAllBytes(Weights(good), [1, 2, 3]);
        File.WriteAllText(Json(bad), "{}");

        _trainer.Invoking(t => t.LoadState(_folder)).Should().Throw<TrainingStateException>().WithMessage($"*2 training states*{Json(bad)}*{Weights(good)}*");

        Values(_moe).Should().Equal(before);
        _trainer.Step.Should().Be(6);
    }

    [Fact]
    public void A_state_of_a_later_version_is_refused_with_both_versions()
    {
        var (good, bad) = SaveTwo();
        File.WriteAllText(Json(bad), File.ReadAllText(Json(bad)).Replace("\"format_version\": 1", "\"format_version\": 2", StringComparison.Ordinal));

        var resumed = _trainer.LoadState(_folder)!;

        resumed.Path.Should().Be(good);
        resumed.Refused[0].Reason.Should().Contain("format_version is 2; this library reads 1");
    }

    [Fact]
    public void What_a_killed_writer_left_is_never_read_and_removed_by_the_next_one()
    {
        var (_, newest) = SaveTwo();
        var left = Directory.CreateDirectory($"{_folder}/state-00000009.1.tmp").FullName;
        File.WriteAllText(Path.Combine(left, "training.json"), "{");

        _trainer.LoadState(_folder).Should().BeEquivalentTo(new { Path = newest });
        _trainer.SaveState(_folder);

        Directory.Exists(left).Should().BeFalse();
    }

    [Fact]
    public void A_place_that_cannot_be_written_to_leaves_the_states_alone()
    {
        var (good, newest) = SaveTwo();
        var file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");

        _trainer.Invoking(t => t.SaveState(Path.Combine(file, "states"))).Should().Throw<IOException>();

        Directory.GetDirectories(_folder).Order().Should().Equal(good, newest);
    }

    [Fact]
    public void Another_number_of_threads_is_warned_of()
    {
        SaveTwo();
        var threads = get_num_threads();
        try
        {
            set_num_threads(threads + 1);

            _trainer.LoadState(_folder)!.Refused.Should().BeEmpty();

            _log.Warnings.Should().ContainSingle().Which.Should().Contain($"{threads} threads, but there are {threads + 1}");
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    public void Dispose()
    {
        _trainer.Dispose();
        _moe.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private (string Older, string Newer) SaveTwo()
    {
        _trainer.Train(3);
        var older = _trainer.SaveState(_folder);
        _trainer.Train(2);
        return (older, _trainer.SaveState(_folder));
    }

    private static MoeModel Moe() => Tiny.Moe();

    private static BilevelOptions Options(Action<BilevelOptions>? change = null)
    {
        var options = new BilevelOptions { LearningRate = 1e-2, TotalSteps = 9, BatchSize = 2, Window = Tiny.Window, RouterEvery = 3, RouterSteps = 2 };
        change?.Invoke(options);
        return options;
    }

    private static float[] Values(MoeModel moe) => [.. moe.Parameters.SelectMany(p => p.Value.detach().data<float>().ToArray())];

    private sealed class Log : ILogger
    {
        public List<string> Warnings { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.Warning)
            {
                Warnings.Add(formatter(state, exception));
            }
        }
    }
}
