using CoMiGS.Demo.Training;
using CoMiGS.Parameters;

namespace CoMiGS.Demo.Tests.Training;

public sealed class BaseModelCacheTests
{
    private static readonly BaseModelSettings Small = new() { Layers = 1, Width = 8, Heads = 2, Window = 16 };

    [Fact]
    public void What_was_saved_is_loaded_bit_for_bit()
    {
        using var folder = new TemporaryFolder();
        var cache = new BaseModelCache(folder.Path);
        using var trained = (Small with { Seed = 1 }).Create();
        using var fresh = (Small with { Seed = 2 }).Create();

        cache.TrySave(trained, "key").Should().BeNull();

        cache.TryLoad(fresh, "key").Should().Be((true, null));
        BaseFingerprint.Of(fresh).Should().Be(BaseFingerprint.Of(trained));
    }

    [Fact]
    public void A_key_without_a_file_is_no_problem_but_not_loaded()
    {
        using var folder = new TemporaryFolder();
        using var model = Small.Create();

        new BaseModelCache(folder.Path).TryLoad(model, "key").Should().Be((false, null));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_damaged_file_is_noticed_and_named(bool cutOff)
    {
        using var folder = new TemporaryFolder();
        var cache = new BaseModelCache(folder.Path);
        using var model = Small.Create();
        cache.TrySave(model, "key");
        var bytes = File.ReadAllBytes(cache.FileOf("key"));
        bytes[^5] ^= 0x40;
        File.WriteAllBytes(cache.FileOf("key"), cutOff ? bytes[..^100] : bytes);

        var (loaded, problem) = cache.TryLoad(model, "key");

        loaded.Should().BeFalse();
        problem.Should().Contain(cache.FileOf("key")).And.Contain("trained again");
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_told_but_does_not_stop_anything()
    {
        using var folder = new TemporaryFolder();
        using var model = Small.Create();

        new BaseModelCache(folder.WithFile("", "in-the-way")).TrySave(model, "key").Should().Contain("not cached");
    }
}
