using CoMiGS.CoordinatorHost;
using CoMiGS.Demo.CommandLine;
using CoMiGS.Demo.Text;
using CoMiGS.Models;

namespace CoMiGS.FederationTrial.Preparation;

/// <summary>
/// What the processes of a run need, a folder for each:
/// <code>
///   coordinator/   options.rsp, tls.pem, tls.key, authority.pem, and the registry with the code of the last device
///   cli/           options.rsp, authority.pem, device.pem, device.key, base/, text/
///   nuget/         options.rsp with its code, authority.pem, base/, text/
/// </code>
/// </summary>
/// <param name="path">Where they lie.</param>
/// <param name="devices">The names of the devices.</param>
internal sealed class RunFolder(string path, IReadOnlyList<string> devices)
{
    /// <summary>The file of options that a program is started with: <c>@options.rsp</c>.</summary>
    public const string Options = "options.rsp";

    private const string CoordinatorName = "coordinator";
    private static readonly TimeSpan CodeLifetime = TimeSpan.FromDays(1);

    /// <summary>Where they lie.</summary>
    public string Path => path;

    /// <summary>The names of the devices.</summary>
    public IReadOnlyList<string> Devices => devices;

    /// <summary>The coordinator's folder.</summary>
    public string Coordinator => System.IO.Path.Combine(path, CoordinatorName);

    /// <summary>A device's folder.</summary>
    public string Of(string device) => System.IO.Path.Combine(path, device);

    /// <summary>Writes the folders.</summary>
    /// <param name="path">Where they appear.</param>
    /// <param name="job">The job.</param>
    /// <param name="host">The name or address that the coordinator's certificate is for.</param>
    /// <param name="time">The clock that certificates begin by.</param>
    /// <param name="coordinator">More options of the coordinator.</param>
    /// <param name="device">More options of every device.</param>
    public static async Task<RunFolder> WriteAsync(string path, Job job, string host, TimeProvider time, string[] coordinator, string[] device)
    {
        var folder = new RunFolder(System.IO.Path.GetFullPath(path), job.Devices);
        using var authority = new Authority(time);
        Directory.CreateDirectory(folder.Coordinator);
        authority.Write(System.IO.Path.Combine(folder.Coordinator, "authority.pem"));
        authority.IssueServer(host, System.IO.Path.Combine(folder.Coordinator, "tls.pem"), System.IO.Path.Combine(folder.Coordinator, "tls.key"));
        WriteOptions(folder.Coordinator, [.. CoordinatorOptions(job), .. coordinator]);
        foreach (var user in job.Text.Users)
        {
            folder.WriteDevice(user, job, authority);
            WriteOptions(folder.Of(user.Name), [.. DeviceOptions(user, job), .. await folder.IdentityAsync(user.Name, authority).ConfigureAwait(false), .. device]);
        }

        return folder;
    }

    private static string[] CoordinatorOptions(Job job) =>
    [
        "run", "--certificate tls.pem", "--key tls.key", "--authority authority.pem",
        $"--rounds {job.Options.Rounds}", $"--steps {job.Options.Steps}", $"--devices {job.Devices.Count}", $"--seed {job.Options.Seed}", $"--payload {job.Options.Payload}",
    ];

    // Rarely enough that a kill in the middle of a round costs some steps, which are made again.
    private static string[] DeviceOptions(UserText user, Job job) =>
        [$"--name {user.Name}", "--authority authority.pem", "--base base", "--text text", $"--seed {job.Options.Seed}", "--save-every 4", "--report-held-out"];

    private void WriteDevice(UserText user, Job job, Authority authority)
    {
        var own = Of(user.Name);
        var text = Directory.CreateDirectory(System.IO.Path.Combine(own, "text")).FullName;
        File.WriteAllText(System.IO.Path.Combine(text, "train.txt"), user.Train);
        File.WriteAllText(System.IO.Path.Combine(text, "valid.txt"), user.Valid);
        Pretrained.Save(job.Base, System.IO.Path.Combine(own, "base"));
        authority.Write(System.IO.Path.Combine(own, "authority.pem"));
    }

    /// <summary>Both ways to prove who one is: the last device enrols with a code, the others have certificates.</summary>
    private async Task<string[]> IdentityAsync(string device, Authority authority)
    {
        if (device == devices[^1])
        {
            using var code = new StringWriter();
            await CoordinatorProgram.InviteAsync(new CoordinatorSettings { Folder = Coordinator }, device, CodeLifetime, code).ConfigureAwait(false);
            return [$"--code {code.ToString().Trim()}"];
        }

        authority.IssueDevice(device, System.IO.Path.Combine(Of(device), "device.pem"), System.IO.Path.Combine(Of(device), "device.key"));
        return ["--certificate device.pem", "--key device.key"];
    }

    private static void WriteOptions(string folder, string[] lines) => PrivateFile.Write(System.IO.Path.Combine(folder, Options), string.Join('\n', lines) + "\n");
}
