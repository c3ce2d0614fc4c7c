using CoMiGS.Demo.Text;

namespace CoMiGS.Demo.Tests.Text;

public sealed class ScenariosTests
{
    private static readonly int[] UnequalBytes = [120_000, 120_000, 8_000, 8_000];
    private static readonly Lazy<DemoText> Colleagues = new(() => Scenarios.Colleagues(SdkFolder.Find(), "de", UnequalBytes));

    [Fact]
    public void Two_colleagues_have_much_text_and_two_little()
    {
        var users = Colleagues.Value.Users;

        users.Select(user => user.Name).Should().Equal("cli", "fsharp", "analyzers", "nuget");
        foreach (var (user, bytes) in users.Zip(UnequalBytes))
        {
            user.TrainBytes.Should().BeInRange((int)(bytes * 0.95), bytes);
            user.TestBytes.Should().BeInRange(15_000, TextSplitter.MostTestBytes);
        }
    }

    [Fact]
    public void No_message_belongs_to_two_colleagues()
    {
        var catalog = SdkMessages.Read(SdkFolder.Find(), "de");

        Product.Colleagues.SelectMany(product => product.MessagesOf(catalog)).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void The_text_is_the_same_every_time() =>
        Scenarios.Colleagues(SdkFolder.Find(), "de", UnequalBytes).Users.Should().Equal(Colleagues.Value.Users);

    [Fact]
    public void Four_languages_make_four_users_with_equal_text()
    {
        var text = Scenarios.Languages(SdkFolder.Find(), [20_000, 20_000, 20_000, 20_000]);

        text.Users.Select(user => user.Name).Should().Equal("de", "fr", "it", "es");
        text.Users.Should().OnlyContain(user => user.TrainBytes > 19_000 && user.TrainBytes <= 20_000);
        text.Base.Length.Should().BeGreaterThan(1_000_000);
    }
}
