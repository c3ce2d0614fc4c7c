using CoMiGS.Federation;
using CoMiGS.Training;
using CoMiGS.Transport;
using Microsoft.Extensions.Options;

namespace CoMiGS.Demo.CommandLine;

/// <summary>Turns what went wrong in a command into one message and an exit code.</summary>
public static class CommandGuard
{
    /// <summary>Runs <paramref name="work"/>.</summary>
    /// <param name="work">What the command does.</param>
    /// <param name="errors">Where messages go.</param>
    /// <param name="cancellation">What stops the work.</param>
    /// <param name="stopped">What to say when it was stopped.</param>
    /// <returns>The process's exit code.</returns>
    public static async Task<int> RunAsync(Func<Task> work, TextWriter errors, CancellationToken cancellation, string stopped = "Stopped. Files of an earlier run in the output folder are untouched.")
    {
        try
        {
            await work().ConfigureAwait(false);
            return ExitCode.Done;
        }
        catch (DemoException wrong)
        {
            await errors.WriteLineAsync(wrong.Message).ConfigureAwait(false);
            return ExitCode.WrongInput;
        }
        catch (Exception failure) when (failure is NonFiniteLossException or FederationException or TransportException or RefusedException
            or OptionsValidationException or DllNotFoundException or IOException or UnauthorizedAccessException)
        {
            await errors.WriteLineAsync(failure.Message).ConfigureAwait(false);
            return ExitCode.Failed;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await errors.WriteLineAsync(stopped).ConfigureAwait(false);
            return ExitCode.Cancelled;
        }
    }
}
