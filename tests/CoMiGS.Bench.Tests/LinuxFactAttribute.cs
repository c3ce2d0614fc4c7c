namespace CoMiGS.Bench.Tests;

/// <summary>A test that reads what Linux tells of a process's memory.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute()
    {
        if (!OperatingSystem.IsLinux())
        {
            Skip = "The peak of resident memory is read from /proc.";
        }
    }
}
