using CoMiGS.Federation;
using CoMiGS.Transport;

namespace CoMiGS.Observability.Tests.Page;

/// <summary>Four devices whose losses fall, one of which sends what is not finite and comes back; stopped in the middle of a round.</summary>
internal static class Federation
{
    public const string Hostile = "<img src=x onerror=\"document.title='owned'\">";
    public static readonly string[] Names = ["anna", "ben", "chloé", Hostile];

    public static RoundOptions Options(int rounds) => new() { Run = "letters", Count = rounds, MinimumDevices = Names.Length, ExpectedDevices = Names.Length, CheckInWait = TimeSpan.FromSeconds(5) };

    /// <summary>Runs until every device is in the given round, and holds them there until told to go on.</summary>
    public static async Task<Task> RunUntilAsync(RunHost host, int round, Task goOn)
    {
        var arrived = new CountdownEvent(Names.Length);
        var devices = Names.Select((name, index) => LastAsync(name, index)).ToList();
        await Task.Run(() => arrived.Wait(TimeSpan.FromSeconds(30)).Should().BeTrue("every device comes to round {0}", round));
        return Task.WhenAll(devices);

        Task LastAsync(string name, int index) => host.RunDeviceAsync(name, new ScriptedTraining(100 + index, r => Figures(r, index))
        {
            InRound = (r, _) =>
            {
                if (r == round)
                {
                    arrived.Signal();
                    goOn.GetAwaiter().GetResult();
                }
            },
        });
    }

    private static Dictionary<string, double> Figures(int round, int device)
    {
        var figures = new Dictionary<string, double>
        {
            [UpdateMetrics.Loss] = 2.1 + (3.2 * Math.Exp(-round / 4.0)) + (0.05 * device),
            [UpdateMetrics.HeldOutLoss] = 2.3 + (3.1 * Math.Exp(-round / 4.5)) + (0.06 * device) + (0.04 * (round % 3)),
        };
        for (var layer = 0; layer < 12; layer++)
        {
            figures[UpdateMetrics.GeneralistShare($"h.{layer}.mlp")] = 0.35 + (0.5 * Math.Abs(Math.Sin((layer * 0.7) + device)));
        }

        return figures;
    }
}
