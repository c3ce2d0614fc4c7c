namespace CoMiGS.Demo.Text;

/// <summary>Collects the messages of an installed .NET SDK in one language from its satellite assemblies.</summary>
public static class SdkMessages
{
    private const string Suffix = ".resources.dll";

    /// <summary>The distinct messages of <paramref name="language"/> in the SDK at <paramref name="sdkFolder"/>.</summary>
    /// <param name="sdkFolder">A folder such as <c>/usr/share/dotnet/sdk/10.0.401</c>.</param>
    /// <param name="language">One of <see cref="SdkLanguages"/>; <c>en</c> reads the assemblies that the German satellites belong to.</param>
    /// <exception cref="DemoException">The SDK has no messages in this language.</exception>
    public static MessageCatalog Read(string sdkFolder, string language)
    {
        var files = language == SdkLanguages.English
            ? Satellites(sdkFolder, "de").Select(MainAssembly).Where(File.Exists)
            : Satellites(sdkFolder, language);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var messages = new List<Message>();
        int read = 0, skipped = 0;
        foreach (var file in files)
        {
            if (TryRead(file) is not { } strings)
            {
                skipped++;
                continue;
            }

            read++;
            var assembly = NameOf(file);
            messages.AddRange(strings.Select(Clean).Where(text => IsProse(text) && seen.Add(text)).Select(text => new Message(text, assembly)));
        }

        return messages.Count > 0
            ? new MessageCatalog(language, messages, read, skipped)
            : throw new DemoException(
                $"The .NET SDK at {sdkFolder} has no messages in '{language}' ({skipped} files unreadable). "
                + $"Use one of {string.Join(", ", SdkLanguages.Translations)}, or bring your own text with --data DIR.");
    }

    private static IEnumerable<string> Satellites(string sdkFolder, string language) =>
        Directory.EnumerateFiles(sdkFolder, "*" + Suffix, SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(Path.GetDirectoryName(file)) == language)
            .OrderBy(file => Path.GetRelativePath(sdkFolder, file), StringComparer.Ordinal);

    private static string MainAssembly(string satellite) =>
        Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(satellite))!, NameOf(satellite) + ".dll");

    private static string NameOf(string file)
    {
        var name = Path.GetFileName(file);
        return name.EndsWith(Suffix, StringComparison.Ordinal) ? name[..^Suffix.Length] : Path.GetFileNameWithoutExtension(name);
    }

    // An SDK is other people's files: one that is cut off, native or of another format costs its strings, not the run.
    private static IReadOnlyList<string>? TryRead(string file)
    {
        try
        {
            return ResourceStrings.Read(file);
        }
        catch (Exception odd) when (odd is BadImageFormatException or IOException or ArgumentException or NotSupportedException
            or FormatException or InvalidOperationException or OverflowException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string Clean(string text) => text.ReplaceLineEndings("\n").Trim();

    private static bool IsProse(string text) => text.Any(char.IsLetter);
}
