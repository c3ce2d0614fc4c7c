using CoMiGS.Federation;
using CoMiGS.Observability.Page;
using CoMiGS.Transport;

namespace CoMiGS.Observability.Runs;

/// <summary>Where a run stands, as all viewers get it. Times are milliseconds since 1970.</summary>
internal sealed record LiveHead(
    string Run,
    int Rounds,
    int Done,
    bool Finished,
    string WaitingFor,
    int? Open,
    long? Deadline,
    long? StoreFailsSince,
    long? Up,
    long? Down,
    IReadOnlyDictionary<string, int> States,
    IReadOnlyList<DeviceView> Devices)
{
    private const int MostDevices = 200;

    public static LiveHead Of(RunStatus status, TransportTraffic? traffic, LivePageOptions options) => new(
        status.Run,
        status.Rounds,
        status.RoundsDone,
        status.IsFinished,
        status.WaitingFor,
        status.OpenRound,
        status.Deadline?.ToUnixTimeMilliseconds(),
        status.Trouble?.Since.ToUnixTimeMilliseconds(),
        traffic?.BytesReceived,
        traffic?.BytesSent,
        Enum.GetValues<DeviceState>().ToDictionary(Name, state => status.Devices.Count(device => device.State == state)),
        [.. status.Devices.Take(MostDevices).Select((device, index) => new DeviceView(options.ShowDeviceNames ? device.Name : $"device {index + 1}", Name(device.State)))]);

    private static string Name(DeviceState state) => state.ToString().ToLowerInvariant();
}
