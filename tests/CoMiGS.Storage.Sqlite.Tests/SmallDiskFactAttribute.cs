using System.Diagnostics;

namespace CoMiGS.Storage.Sqlite.Tests;

/// <summary>A test that mounts a small disk; it says why where that cannot be.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SmallDiskFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> CanMount = new(() =>
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
        {
            return false;
        }

        using var folder = new TemporaryFolder();
        using var mount = Process.Start(new ProcessStartInfo("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", folder.Path]) { RedirectStandardError = true })!;
        mount.WaitForExit();
        if (mount.ExitCode != 0)
        {
            return false;
        }

        using var unmount = Process.Start("umount", folder.Path);
        unmount.WaitForExit();
        return true;
    });

    public SmallDiskFactAttribute() => Skip = CanMount.Value ? null : "Mounting a small disk takes root on Linux, outside most containers.";
}
