using Spectre.Console;

namespace CoMiGS.FineTune;

/// <summary>Shows progress and result: a moving bar on a terminal, a line for each tenth where the output is redirected.</summary>
/// <param name="console">Where to print.</param>
/// <param name="redirected">Whether that is no terminal.</param>
public sealed class FineTuneScreen(IAnsiConsole console, bool redirected)
{
    /// <summary>Shows the progress of some work.</summary>
    /// <param name="title">What it is.</param>
    /// <param name="work">Is given what to call with the share that is done, 0 to 1, and a remark.</param>
    public T Watch<T>(string title, Func<Action<double, string>, T> work) => redirected ? work(Lines(title)) : console.Progress().Start(context =>
    {
        var bar = context.AddTask(Markup.Escape(title), maxValue: 1);
        return work((share, remark) =>
        {
            bar.Value = share;
            bar.Description = Markup.Escape($"{title} {remark}");
        });
    });

    /// <summary>Prints one line.</summary>
    public void Line(string text) => console.WriteLine(text);

    /// <summary>Shows what came out.</summary>
    public void Show(FineTuneResult result)
    {
        var table = new Table().AddColumns("", "before", "after");
        table.AddRow("perplexity of the test text", $"{result.Before:0.00}", $"{result.After:0.00}");
        console.Write(table);
        console.WriteLine($"Prompt: {result.Prompt}");
        console.WriteLine($"Before: {result.TextBefore}");
        console.WriteLine($"After:  {result.TextAfter}");
        console.WriteLine($"Adapters: {result.Adapters}");
    }

    private Action<double, string> Lines(string title)
    {
        var tenths = -1;
        return (share, remark) =>
        {
            if ((int)(share * 10) > tenths)
            {
                tenths = (int)(share * 10);
                console.WriteLine($"{title}: {Math.Floor(100 * share)}% {remark}");
            }
        };
    }
}
