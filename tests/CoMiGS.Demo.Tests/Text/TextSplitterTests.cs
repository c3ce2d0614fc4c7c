using System.Text;
using CoMiGS.Demo.Text;
using FsCheck;
using FsCheck.Fluent;

namespace CoMiGS.Demo.Tests.Text;

public sealed class TextSplitterTests
{
    private static readonly string[] Messages = [.. Enumerable.Range(0, 4_000).Select(index => $"Meldung Nummer {index} mit etwas Text.")];

    [Fact]
    public void Every_message_is_in_one_split_only()
    {
        var user = TextSplitter.Cut("anna", "all", Messages, int.MaxValue / 8);

        var (train, valid, test) = (Lines(user.Train), Lines(user.Valid), Lines(user.Test));

        train.Should().NotIntersectWith(valid).And.NotIntersectWith(test);
        valid.Should().NotIntersectWith(test);
        train.Concat(valid).Concat(test).Should().BeSubsetOf(Messages).And.OnlyHaveUniqueItems();
    }

    [Fact]
    public void The_shares_are_near_62_15_and_23_percent()
    {
        var shares = Messages.CountBy(TextSplitter.SplitOf).ToDictionary(count => count.Key, count => count.Value / (double)Messages.Length);

        shares[TextSplit.Train].Should().BeApproximately(0.62, 0.03);
        shares[TextSplit.Valid].Should().BeApproximately(0.15, 0.03);
        shares[TextSplit.Test].Should().BeApproximately(0.23, 0.03);
    }

    [Fact]
    public void A_message_stays_in_its_split_whatever_other_messages_there_are()
    {
        var few = Lines(TextSplitter.Cut("anna", "some", Messages[..1000], int.MaxValue / 8).Test);
        var many = Lines(TextSplitter.Cut("anna", "all", Messages, int.MaxValue / 8).Train);

        few.Should().NotIntersectWith(many);
    }

    [Fact]
    public void The_order_of_the_messages_does_not_matter() =>
        TextSplitter.Cut("anna", "all", Messages.Reverse(), 8_000).Should().Be(TextSplitter.Cut("anna", "all", Messages, 8_000));

    [Fact]
    public void Text_is_cut_between_messages_and_never_longer_than_asked() =>
        Prop.ForAll<string[], PositiveInt>((texts, limit) =>
        {
            var messages = texts.Where(text => text is not null).Select(text => text.Replace('\n', ' ')).ToList();
            var joined = TextSplitter.Join(messages, limit.Get);

            return Encoding.UTF8.GetByteCount(joined) <= limit.Get
                && (joined.Length == 0 || joined.EndsWith('\n'))
                && Lines(joined).All(messages.Contains);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(8_000, TextSplitter.LeastValidBytes)]
    [InlineData(40_000, 10_000)]
    public void Validation_text_is_a_quarter_of_the_training_text_but_has_a_least_size(int trainBytes, int validBytes) =>
        TextSplitter.Cut("anna", "all", Messages, trainBytes).ValidBytes.Should().BeInRange(validBytes - 100, validBytes);

    private static List<string> Lines(string text) => [.. text.Split('\n')[..^1]];
}
