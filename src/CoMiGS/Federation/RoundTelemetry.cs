using System.Diagnostics;
using CoMiGS.Diagnostics;
using Microsoft.Extensions.Logging;

namespace CoMiGS.Federation;

/// <summary>Turns what happens at a coordinator into log messages, metrics and a span for each round.</summary>
internal sealed class RoundTelemetry(ILogger logger, string run) : IDisposable
{
    private Activity? _round;
    private int _activeDevices;

    public void Record(RoundEvent what)
    {
        switch (what)
        {
            case RoundOpened opened:
                logger.RoundOpened(opened.Round, opened.Devices.Count);
                _round = StartRound(opened.Round);
                break;
            case DeviceJoined joined:
                logger.DeviceJoined(joined.Round, joined.Device);
                break;
            case DeviceRefused refused:
                logger.DeviceRefused(refused.Device, refused.Refusal.Code.ToString(), refused.Refusal.Reason);
                FederationMetrics.CheckInRefused(refused.Refusal.Code.ToString());
                break;
            case UpdateAccepted accepted:
                logger.UpdateAccepted(accepted.Round, accepted.Device);
                FederationMetrics.UpdateAccepted();
                break;
            case UpdateRefused refused:
                logger.UpdateRefused(refused.Round, refused.Device, refused.Receipt.Code.ToString(), refused.Receipt.Reason);
                FederationMetrics.UpdateRefused(refused.Receipt.Code.ToString());
                break;
            case RoundClosed closed:
                logger.RoundClosed(closed.Round, closed.Duration, closed.Accepted, closed.Missing, closed.Version);
                FederationMetrics.RoundClosed(closed.Duration);
                _round?.SetTag("comigs.updates.accepted", closed.Accepted).SetTag("comigs.devices.missing", closed.Missing).Dispose();
                _round = null;
                break;
            case RunEnded ended:
                logger.RunEnded(ended.Round, ended.Version);
                break;
        }
    }

    public void ActiveDevices(int count)
    {
        FederationMetrics.ActiveDevicesChanged(count - _activeDevices);
        _activeDevices = count;
    }

    public void Dispose()
    {
        ActiveDevices(0);
        _round?.Dispose();
        _round = null;
    }

    /// <summary>A span of its own: a round outlives the check-in that opens it.</summary>
    private Activity? StartRound(int round)
    {
        var current = Activity.Current;
        Activity.Current = null;
        var activity = CoMiGSTelemetry.Source.StartActivity("round");
        activity?.SetTag("comigs.run", run).SetTag("comigs.round", round);
        Activity.Current = current;
        return activity;
    }
}
