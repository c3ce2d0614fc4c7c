namespace CoMiGS.Repository.Tests;

/// <summary>A test of a shell script: skipped on Windows, where <c>build.ps1</c> takes its place.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute()
    {
        if (OperatingSystem.IsWindows())
        {
            Skip = "build.sh is for Linux and macOS.";
        }
    }
}
