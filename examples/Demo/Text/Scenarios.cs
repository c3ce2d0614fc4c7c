namespace CoMiGS.Demo.Text;

/// <summary>The texts that the demo comes with, both made of the messages of the installed .NET SDK.</summary>
public static class Scenarios
{
    /// <summary>The four languages of <see cref="Languages"/>.</summary>
    public static IReadOnlyList<string> FourLanguages { get; } = ["de", "fr", "it", "es"];

    /// <summary>Four colleagues who write one language, each about another product.</summary>
    /// <param name="sdkFolder">The SDK to read.</param>
    /// <param name="language">Their language.</param>
    /// <param name="trainBytes">Training text per colleague: some have much, some little.</param>
    public static DemoText Colleagues(string sdkFolder, string language, IReadOnlyList<int> trainBytes)
    {
        var english = SdkMessages.Read(sdkFolder, SdkLanguages.English);
        var catalog = SdkMessages.Read(sdkFolder, language).Except(english);
        return new DemoText(
            $"four colleagues who write {SdkLanguages.NameOf(language)}, each about another product",
            BaseText(english),
            [.. Product.Colleagues.Zip(trainBytes, (product, bytes) => TextSplitter.Cut(product.Name, product.About, product.MessagesOf(catalog), bytes))]);
    }

    /// <summary>Four people who write four languages: as different as users can be.</summary>
    /// <param name="sdkFolder">The SDK to read.</param>
    /// <param name="trainBytes">Training text per person.</param>
    public static DemoText Languages(string sdkFolder, IReadOnlyList<int> trainBytes)
    {
        var english = SdkMessages.Read(sdkFolder, SdkLanguages.English);
        return new DemoText(
            "four people who write German, French, Italian and Spanish",
            BaseText(english),
            [.. FourLanguages.Zip(trainBytes, (language, bytes) => Speaker(sdkFolder, english, language, bytes))]);
    }

    /// <summary>The English messages in an order that mixes the products.</summary>
    public static string BaseText(MessageCatalog english) =>
        TextSplitter.Join(english.Messages.Select(message => message.Text).OrderBy(StableHash.Of), int.MaxValue);

    private static UserText Speaker(string sdkFolder, MessageCatalog english, string language, int trainBytes)
    {
        var catalog = SdkMessages.Read(sdkFolder, language).Except(english);
        return TextSplitter.Cut(language, $"{SdkLanguages.NameOf(language)} messages", catalog.Messages.Select(message => message.Text), trainBytes);
    }
}
