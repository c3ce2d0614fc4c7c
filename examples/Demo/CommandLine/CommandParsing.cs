using System.CommandLine;

namespace CoMiGS.Demo.CommandLine;

/// <summary>What the command lines of all examples have in common.</summary>
public static class CommandParsing
{
    private const int MostNumber = 100_000;

    /// <summary>Runs a command, or says what is wrong with <paramref name="args"/>.</summary>
    /// <param name="root">The command.</param>
    /// <param name="args">The command line.</param>
    /// <param name="errors">Where messages go.</param>
    /// <param name="cancellation">Stops the run, as Ctrl+C does.</param>
    /// <returns>The process's exit code.</returns>
    public static async Task<int> InvokeAsync(RootCommand root, string[] args, TextWriter errors, CancellationToken cancellation = default)
    {
        var parsed = root.Parse(args);
        if (parsed.Errors.Count == 0)
        {
            return await parsed.InvokeAsync(cancellationToken: cancellation).ConfigureAwait(false);
        }

        await errors.WriteLineAsync(string.Join(Environment.NewLine, parsed.Errors.Select(error => error.Message).Append("Use --help for the options."))).ConfigureAwait(false);
        return ExitCode.WrongInput;
    }

    /// <summary>An option that takes a whole number.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="value">Its default.</param>
    /// <param name="least">The smallest number allowed.</param>
    public static Option<int> Number(string name, string description, int value, int least = 1)
    {
        var option = new Option<int>(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => value };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && int.TryParse(token.Value, out var given) && (given < least || given > MostNumber))
            {
                result.AddError($"{name} is {given}, but must be from {least} to {MostNumber}.");
            }
        });
        return option;
    }
}
