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

    private static DemoText FromFolder(string sdk, string folder, DemoOptions options)
    {
        var users = FolderText.CountUsers(folder);
        var limits = options.TrainKilobytes is { } kilobytes ? Bytes(kilobytes, users) : null;
        return new DemoText($"the users of {folder}", Scenarios.BaseText(SdkMessages.Read(sdk, SdkLanguages.English)), FolderText.Read(folder, limits));
    }

    private static IReadOnlyList<int> Bytes(IReadOnlyList<int> kilobytes, int devices) =>
        [.. PerDevice.Spread("--train-kb", kilobytes, devices).Select(value => value * BytesPerKilobyte)];
}
