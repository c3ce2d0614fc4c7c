using CoMiGS.BringYourOwnModel;
using TorchSharp;

namespace CoMiGS.Demo.Tests.BringYourOwnModel;

public sealed class WalkthroughTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Experts_learn_the_new_text_and_removing_them_brings_the_old_figures_back_to_the_last_bit()
    {
        torch.set_num_threads(1); // as every test beside this one does: it holds for the whole process, and bits depend on it
        var said = new List<string>();

        var figures = Walkthrough.Run(steps: 40, _folder.Of("experts"), said.Add);

        var (before, with, without) = (figures[0], figures[1], figures[2]);
        with.Kitchen.Should().BeLessThan(before.Kitchen / 2);
        without.Should().Be(before);
        said.Should().HaveCount(5);
        Directory.GetDirectories(_folder.Of("experts")).Select(Path.GetFileName).Should().BeEquivalentTo("generalist-0", "specialist-0", "specialist-1", "specialist-2");
    }

    public void Dispose() => _folder.Dispose();
}
