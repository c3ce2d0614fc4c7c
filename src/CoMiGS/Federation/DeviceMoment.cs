namespace CoMiGS.Federation;

/// <summary>A device has come to a stage of a round; while it is being reported the model holds still, so this is the time to evaluate it.</summary>
/// <param name="Device">The device.</param>
/// <param name="Stage">The stage.</param>
/// <param name="Round">The round, counted from 1; the number of rounds once finished.</param>
/// <param name="Rounds">How many rounds the run has.</param>
/// <param name="Metrics">Figures of the local steps, once trained; empty before.</param>
/// <param name="BytesSent">Bytes of shared parameters that the device has sent in the run so far.</param>
/// <param name="BytesReceived">Bytes of shared parameters that the device has received in the run so far.</param>
public sealed record DeviceMoment(
    string Device,
    DeviceStage Stage,
    int Round,
    int Rounds,
    IReadOnlyDictionary<string, double> Metrics,
    long BytesSent,
    long BytesReceived);
