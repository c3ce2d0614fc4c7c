namespace CoMiGS.Demo.Text;

/// <summary>The languages that every .NET SDK brings its messages in.</summary>
public static class SdkLanguages
{
    /// <summary>The neutral language, whose strings lie in the assemblies themselves.</summary>
    public const string English = "en";

    /// <summary>The translations, by the names of their satellite folders.</summary>
    public static IReadOnlyList<string> Translations { get; } =
        ["cs", "de", "es", "fr", "it", "ja", "ko", "pl", "pt-BR", "ru", "tr", "zh-Hans", "zh-Hant"];

    /// <summary>The language's own name for people to read, or the code itself if it is none of these.</summary>
    public static string NameOf(string code) => code switch
    {
        English => "English",
        "cs" => "Czech",
        "de" => "German",
        "es" => "Spanish",
        "fr" => "French",
        "it" => "Italian",
        "ja" => "Japanese",
        "ko" => "Korean",
        "pl" => "Polish",
        "pt-BR" => "Portuguese",
        "ru" => "Russian",
        "tr" => "Turkish",
        "zh-Hans" => "Chinese (simplified)",
        "zh-Hant" => "Chinese (traditional)",
        _ => code,
    };
}
