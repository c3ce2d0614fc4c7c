using Spectre.Console;

namespace CoMiGS.Demo.Screen;

/// <summary>Chooses the screen that fits where the output goes.</summary>
public static class Screens
{
    private const int RedirectedWidth = 140;

    /// <summary>Moving bars on a terminal; plain lines where the output is redirected, so that a log holds no control characters.</summary>
    public static (IScreen Screen, ResultScreen Result) For(IAnsiConsole console, bool redirected)
    {
        if (redirected)
        {
            console.Profile.Width = RedirectedWidth;
        }

        return (redirected ? new PlainScreen(console) : new LiveScreen(console), new ResultScreen(console, plain: redirected));
    }

    /// <summary>The console of this process.</summary>
    public static IAnsiConsole Console(bool redirected) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
        ColorSystem = redirected ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
        Interactive = redirected ? InteractionSupport.No : InteractionSupport.Detect,
    });
}
