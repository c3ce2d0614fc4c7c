namespace CoMiGS.Observability.Tests.Page;

/// <summary>A test that needs a browser.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    /// <summary>Skipped where there is none.</summary>
    public BrowserFactAttribute()
    {
        if (Browser.Program is null)
        {
            Skip = "There is no chromium, chromium-browser or google-chrome on the PATH. Install one to have the live page looked at.";
        }
    }
}
