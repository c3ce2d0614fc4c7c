using System.Diagnostics;
using System.Runtime.InteropServices;

namespace CoMiGS.FederationTrial.Processes;

/// <summary>How the programs beside this one are started.</summary>
internal static class Programs
{
    public static ProcessStartInfo Coordinator(string folder, params string[] options) => Start("CoMiGS.CoordinatorHost.dll", folder, options);

    public static ProcessStartInfo Device(string folder, params string[] options) => Start("CoMiGS.DeviceHost.dll", folder, options);

    private static ProcessStartInfo Start(string program, string folder, string[] options)
    {
        var start = new ProcessStartInfo(Dotnet(), [Path.Combine(AppContext.BaseDirectory, program), $"@{Preparation.RunFolder.Options}", .. options])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["OMP_NUM_THREADS"] = "1"; // four devices share the cores, and the number of threads decides the last bits
        start.Environment["Logging__Console__FormatterName"] = "json";
        start.Environment["Logging__LogLevel__CoMiGS"] = "Debug";
        return start;
    }

    // The host that runs this very process; its own program may be called otherwise.
    private static string Dotnet() =>
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
}
