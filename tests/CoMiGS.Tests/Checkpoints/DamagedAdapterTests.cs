using System.Text;
using CoMiGS.Layers;
using CoMiGS.Parameters;
using CoMiGS.Tests.Models;
using static TorchSharp.torch;

namespace CoMiGS.Tests.Checkpoints;

public sealed class DamagedAdapterTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("comigs").FullName;

    [Fact]
    public void However_a_folder_is_damaged_all_of_it_is_loaded_or_nothing() => Damage(600, seed: 1);

    [Fact]
    [Trait("Category", "Long")]
    public void However_a_folder_is_damaged_all_of_it_is_loaded_or_nothing_many_times() => Damage(5_000, seed: 2);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private void Damage(int times, long seed)
    {
        var random = new SeededRandom(seed);
        PeftFolder.Expert().With("rank_pattern", """{"c_fc": 8}""").With("alpha_pattern", """{"h.1.*": 16}""").With("bias", "\"none\"").With("use_rslora", "true").Write(_root);
        var files = new[] { "adapter_config.json", "adapter_model.safetensors" }.ToDictionary(f => Path.Combine(_root, f), f => File.ReadAllBytes(Path.Combine(_root, f)));
        using var moe = Tiny.Moe();
        var (whole, refused, tensors) = (0, 0, LiveTensors.Count());
        for (var i = 0; i < times; i++)
        {
            var marker = PeftLayoutTests.Values(moe);
            foreach (var (path, bytes) in files)
            {
                File.WriteAllBytes(path, random.NextInt64(3) == 0 ? bytes : Mutated(bytes, ref random));
            }

            try
            {
                moe.LoadExpert("specialist-0", _root);
                whole++;
                PeftLayoutTests.Values(moe).Should().OnlyContain(v => float.IsFinite(v));
            }
            catch (InvalidDataException e)
            {
                refused++;
                e.Message.Should().Contain("cannot be used");
                PeftLayoutTests.Values(moe).Should().Equal(marker);
            }
        }

        whole.Should().BePositive();
        refused.Should().BePositive();
        Tensor.TotalCount.Should().Be(tensors);
    }

    private static byte[] Mutated(byte[] whole, ref SeededRandom random)
    {
        var bytes = whole.ToList();
        var at = (int)random.NextInt64(Math.Min(bytes.Count, 1200)); // headers rather than numbers
        switch (random.NextInt64(5))
        {
            case 0:
                bytes[at] = (byte)random.NextInt64(256);
                break;
            case 1:
                bytes.RemoveRange(at, (int)random.NextInt64(Math.Min(20, bytes.Count - at) + 1));
                break;
            case 2:
                bytes.InsertRange(at, bytes.GetRange(at, Math.Min(10, bytes.Count - at)));
                break;
            case 3:
                bytes.RemoveRange((int)random.NextInt64(bytes.Count), 1);
                break;
            default:
                bytes[at] = Encoding.UTF8.GetBytes("0123456789[]{},:\"")[random.NextInt64(17)];
                break;
        }

        return [.. bytes];
    }
}
