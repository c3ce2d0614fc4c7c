using CoMiGS.Data;
using FsCheck;
using FsCheck.Fluent;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Tests.Data;

public sealed class EvaluationWindowsTests
{
    [Fact]
    public void Every_token_but_the_first_is_predicted_exactly_once_and_in_order()
    {
        var property = Prop.ForAll(
            Gen.Choose(2, 200).ToArbitrary(),
            Gen.Choose(1, 20).ToArbitrary(),
            Gen.Choose(1, 5).ToArbitrary(),
            (length, window, batch) =>
            {
                using var scope = NewDisposeScope();
                var text = new string([.. Enumerable.Range(0, length).Select(i => (char)(i % 128))]);
                var windows = new EvaluationWindows(TextBytes.From(text), batch, window);
                var targets = windows.Batches().SelectMany(b => b.Targets.data<long>().ToArray()).ToArray();
                return windows.Tokens == length - 1 && targets.SequenceEqual(text.Skip(1).Select(c => (long)c));
            });

        Check.QuickThrowOnFailure(property);
    }

    [Fact]
    public void A_single_token_is_too_little()
    {
        var act = () => new EvaluationWindows(TextBytes.From("a", "test"), 1, 8);

        act.Should().Throw<SplitTooShortException>().WithMessage("*'test' has 1 token, but at least 2 are needed*");
    }
}
