using System.Text;

namespace CoMiGS.Demo.Text;

/// <summary>Text of everybody in equal shares: what a device may meet although it is unlike the text it learns from.</summary>
/// <param name="Valid">Routers can be fitted on it.</param>
/// <param name="Test">Measured on only.</param>
public sealed record MixedText(string Valid, string Test)
{
    private const string Folder = "ood", ValidFile = "valid_mixed.txt", TestFile = "test_mixed.txt";

    /// <summary>Equal shares of the users' validation and test texts, together about as long as the shortest of them.</summary>
    public static MixedText Of(IReadOnlyList<UserText> users) => new(Mix([.. users.Select(user => user.Valid)]), Mix([.. users.Select(user => user.Test)]));

    /// <summary>Reads <c>ood/valid_mixed.txt</c> and <c>ood/test_mixed.txt</c>.</summary>
    /// <param name="data">The folder that holds <c>ood</c>.</param>
    /// <exception cref="DemoException">A file is missing; everything missing is named.</exception>
    public static MixedText Read(string data)
    {
        List<string> files = [Path.Combine(data, Folder, ValidFile), Path.Combine(data, Folder, TestFile)];
        var missing = files.Where(file => !File.Exists(file)).ToList();
        if (missing.Count > 0)
        {
            throw new DemoException($"--data: missing {string.Join(", ", missing)}. Each holds equal shares of all users' text, none of it from a train.txt.");
        }

        var texts = files.Select(file => File.ReadAllText(file, Encoding.UTF8).ReplaceLineEndings("\n")).ToList();
        return new MixedText(texts[0], texts[1]);
    }

    private static string Mix(IReadOnlyList<string> texts)
    {
        var share = texts.Min(Encoding.UTF8.GetByteCount) / texts.Count;
        return string.Concat(texts.Select(text => TextSplitter.Join(text.Split('\n', StringSplitOptions.RemoveEmptyEntries), share)));
    }
}
