using System.Text;
using CoMiGS.Demo.Text;

namespace CoMiGS.Demo.Tests.Text;

public sealed class SdkMessagesTests
{
    private static readonly Lazy<MessageCatalog> English = new(() => SdkMessages.Read(SdkFolder.Find(), SdkLanguages.English));
    private static readonly Lazy<MessageCatalog> German = new(() => SdkMessages.Read(SdkFolder.Find(), "de"));

    [Theory]
    [InlineData("de")]
    [InlineData("ja")]
    public void The_installed_SDK_has_thousands_of_distinct_messages_and_over_a_megabyte_of_text(string language)
    {
        var catalog = SdkMessages.Read(SdkFolder.Find(), language);

        catalog.Messages.Should().HaveCountGreaterThan(10_000).And.OnlyHaveUniqueItems(message => message.Text);
        catalog.Messages.Sum(message => Encoding.UTF8.GetByteCount(message.Text)).Should().BeInRange(1_000_000, 4_000_000);
        catalog.Assemblies.Should().BeGreaterThan(100);
    }

    [Fact]
    public void Reading_twice_gives_the_same_messages_in_the_same_order() =>
        SdkMessages.Read(SdkFolder.Find(), "de").Messages.Should().Equal(German.Value.Messages);

    [Fact]
    public void German_messages_are_German_and_English_ones_English()
    {
        German.Value.Except(English.Value).Messages.Count(message => message.Text.Contains(" nicht ", StringComparison.Ordinal)).Should().BeGreaterThan(1_000);
        English.Value.Messages.Count(message => message.Text.Contains(" not ", StringComparison.Ordinal)).Should().BeGreaterThan(1_000);
    }

    [Fact]
    public void Messages_that_were_never_translated_are_taken_out()
    {
        var translated = German.Value.Except(English.Value);

        translated.Messages.Select(message => message.Text).Should().NotIntersectWith(English.Value.Messages.Select(message => message.Text));
        translated.Messages.Count.Should().BeLessThan(German.Value.Messages.Count);
    }

    [Fact]
    public void A_file_that_is_no_assembly_is_skipped_and_counted()
    {
        using var sdk = new TemporaryFolder();
        var satellite = Path.Combine(SdkFolder.Find(), "FSharp", "de", "FSharp.Core.resources.dll");
        Directory.CreateDirectory(sdk.Of("de"));
        File.Copy(satellite, sdk.Of("de", Path.GetFileName(satellite)));
        sdk.WithFile("this is text", "de", "Text.resources.dll");
        sdk.WithFile("", "de", "Empty.resources.dll");
        File.WriteAllBytes(sdk.Of("de", "CutOff.resources.dll"), File.ReadAllBytes(satellite)[..3000]);

        var catalog = SdkMessages.Read(sdk.Path, "de");

        catalog.Assemblies.Should().Be(1);
        catalog.Skipped.Should().Be(3);
        catalog.Messages.Should().NotBeEmpty();
    }

    [Fact]
    public void An_SDK_without_the_language_is_refused_with_what_to_do()
    {
        using var sdk = new TemporaryFolder();

        var reading = () => SdkMessages.Read(sdk.Path, "de");

        reading.Should().Throw<DemoException>().WithMessage("*no messages in 'de'*--data DIR*");
    }
}
