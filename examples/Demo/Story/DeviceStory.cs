using CoMiGS.Demo.Results;

namespace CoMiGS.Demo.Story;

/// <summary>The figures of one device, compared.</summary>
/// <param name="Device">The device's name.</param>
/// <param name="Local">Perplexity when learning alone.</param>
/// <param name="FedAvg">Perplexity when everything is shared.</param>
/// <param name="CoMiGS">Perplexity when generalists are shared and specialists stay.</param>
public sealed record DeviceStory(string Device, double Local, double FedAvg, double CoMiGS)
{
    /// <summary>Differences below this share of the perplexity are called none: they are of the size that another seed makes.</summary>
    public const double Noise = 0.005;

    /// <summary>Whether sharing everything beat learning alone by more than <see cref="Noise"/>.</summary>
    public bool SharingWon => Local - FedAvg > Noise * Local;

    /// <summary>Whether learning alone beat sharing everything by more than <see cref="Noise"/>.</summary>
    public bool StayingLocalWon => FedAvg - Local > Noise * FedAvg;

    /// <summary>How much lower the better of the two is than the other, as a share of the other.</summary>
    public double Gap => Math.Abs(Local - FedAvg) / Math.Max(Local, FedAvg);

    /// <summary>Where CoMiGS comes out.</summary>
    public Standing Standing =>
        CoMiGS < Math.Min(Local, FedAvg) ? Standing.Best
        : CoMiGS <= Math.Max(Local, FedAvg) ? Standing.Between
        : Standing.Worst;

    /// <summary>How far CoMiGS went from the worse of the two (0) to the better (1); null where the two differ by no more than <see cref="Noise"/>.</summary>
    public double? Kept => SharingWon || StayingLocalWon
        ? (Math.Max(Local, FedAvg) - CoMiGS) / Math.Abs(Local - FedAvg)
        : null;

    /// <summary>The comparison for each device of <paramref name="result"/>.</summary>
    public static IReadOnlyList<DeviceStory> Of(DemoResult result) =>
    [
        .. result.Devices.Select((device, index) => new DeviceStory(
            device.Name,
            result.Of(MethodKind.Local).Perplexity[index],
            result.Of(MethodKind.FedAvg).Perplexity[index],
            result.Of(MethodKind.CoMiGS).Perplexity[index])),
    ];
}
