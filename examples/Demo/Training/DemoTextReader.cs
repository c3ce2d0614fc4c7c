using CoMiGS.Demo.CommandLine;
using CoMiGS.Demo.Text;

namespace CoMiGS.Demo.Training;

/// <summary>Brings the text that the options ask for.</summary>
internal static class DemoTextReader
{
    private const int BytesPerKilobyte = 1_000;

    private static readonly int[] UnequalKilobytes = [120, 120, 8, 8];
    private static readonly int[] EqualKilobytes = [20];

    /// <exception cref="DemoException">The text is missing, too short, or does not fit the lists in the options.</exception>
    public static DemoText Read(DemoOptions options, int window)
    {
        var sdk = SdkFolder.Find();
        var text = options switch
        {
            { DataFolder: { } folder } => FromFolder(sdk, folder, options),
            { Scenario: Scenario.Languages } =>
                Scenarios.Languages(sdk, Bytes(options.TrainKilobytes ?? EqualKilobytes, Scenarios.FourLanguages.Count)),
            _ => Scenarios.Colleagues(sdk, options.Language, Bytes(options.TrainKilobytes ?? UnequalKilobytes, Product.Colleagues.Count)),
        };
        text.RequireWindows(window);
        return text;
    }

    /// <summary>The users of a folder, with the most training text of each; null keeps all.</summary>
    /// <exception cref="DemoException">The text is missing, or does not fit the list.</exception>
    public static IReadOnlyList<UserText> UsersOf(string folder, IReadOnlyList<int>? kilobytes) =>
        FolderText.Read(folder, kilobytes is null ? null : Bytes(kilobytes, FolderText.CountUsers(folder)));

    private static DemoText FromFolder(string sdk, string folder, DemoOptions options) => new(
        $"the users of {folder}", Scenarios.BaseText(SdkMessages.Read(sdk, SdkLanguages.English)), UsersOf(folder, options.TrainKilobytes));

    private static IReadOnlyList<int> Bytes(IReadOnlyList<int> kilobytes, int devices) =>
        [.. PerDevice.Spread("--train-kb", kilobytes, devices).Select(value => value * BytesPerKilobyte)];
}
