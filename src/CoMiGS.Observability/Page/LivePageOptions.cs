namespace CoMiGS.Observability.Page;

/// <summary>Who sees the live page, and what it shows.</summary>
public sealed class LivePageOptions
{
    /// <summary>
    /// Shows the page to whoever can reach the host over HTTPS. Without it, and without <c>RequireAuthorization()</c> on what <see cref="LivePageEndpoints.MapCoMiGSLivePage"/> returns, only
    /// this very machine sees it.
    /// </summary>
    /// <value>Default: false.</value>
    public bool AllowAnyone { get; set; }

    /// <summary>Shows devices by name, and the reasons of refusals, which may hold names that devices chose. Without it devices are numbered, and refusals have their code only.</summary>
    /// <value>Default: true.</value>
    public bool ShowDeviceNames { get; set; } = true;

    /// <summary>Where rounds are noted as they close, so that the page knows them after a restart: a line of figures each. Its folder must exist.</summary>
    /// <value>Default: null, the page begins anew with the process.</value>
    public string? HistoryFile { get; set; }

    /// <summary>How often viewers hear of what is new, at most.</summary>
    /// <value>Default: half a second.</value>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(0.5);

    /// <summary>How long a viewer hears nothing before it gets a sign of life.</summary>
    /// <value>Default: 15 seconds.</value>
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a viewer may take to read a message; then it is dropped.</summary>
    /// <value>Default: 10 seconds.</value>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How many viewers are served at the same time.</summary>
    /// <value>Default: 50.</value>
    public int MostViewers { get; set; } = 50;

    internal IEnumerable<string> Violations()
    {
        foreach (var (name, value) in new[] { (nameof(Interval), Interval), (nameof(Heartbeat), Heartbeat), (nameof(Patience), Patience) })
        {
            if (value <= TimeSpan.Zero || value > TimeSpan.FromHours(1))
            {
                yield return $"{name} is {value}. Use a time above zero, up to an hour.";
            }
        }

        if (MostViewers < 1)
        {
            yield return $"MostViewers is {MostViewers}. Use 1 or more, or do not map the page.";
        }
    }
}
