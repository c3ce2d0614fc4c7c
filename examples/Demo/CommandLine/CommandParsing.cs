using System.CommandLine;
using CoMiGS.Transport;

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
        RequireRange(option, least);
        return option;
    }

    /// <summary>An option that takes a whole number from 1, or is left out.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it is for.</param>
    public static Option<int?> OptionalNumber(string name, string description)
    {
        var option = new Option<int?>(name) { Description = description, HelpName = "N" };
        RequireRange(option, 1);
        return option;
    }

    /// <summary>An option that takes the address of a coordinator.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="value">Its default; without one it is required.</param>
    public static Option<string> Address(string name, string description, string? value = null)
    {
        var option = new Option<string>(name) { Description = description, HelpName = "URL", Required = value is null };
        if (value is not null)
        {
            option.DefaultValueFactory = _ => value;
        }

        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(Uri.TryCreate(token.Value, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps))
            {
                result.AddError($"{name} is '{token.Value}', but must be an address such as https://coordinator.example:5001.");
            }
        });
        return option;
    }

    /// <summary>The option that says how numbers travel.</summary>
    public static Option<TensorType> Payload() => new("--payload")
    {
        Description = "How the numbers travel: float32, bfloat16 (half the bytes) or int8 (a quarter), the latter two rounded with error feedback.",
        DefaultValueFactory = _ => TensorType.Float32,
    };

    private static void RequireRange(Option option, int least) => option.Validators.Add(result =>
    {
        if (result.Tokens is [var token] && int.TryParse(token.Value, out var given) && (given < least || given > MostNumber))
        {
            result.AddError($"{option.Name} is {given}, but must be from {least} to {MostNumber}.");
        }
    });
}
