namespace CoMiGS.Bench.Loading;

/// <summary>What loading took in one process.</summary>
/// <param name="FileBytes">Size of the files of weights.</param>
/// <param name="Before">Resident bytes before.</param>
/// <param name="Peak">The most resident bytes while it ran.</param>
/// <param name="After">Resident bytes afterwards.</param>
/// <param name="LoadSeconds">How long loading took.</param>
/// <param name="ReadSeconds">How long it took, in the same process, to read the same files into a buffer.</param>
public sealed record LoadingFigures(long FileBytes, long Before, long Peak, long After, double LoadSeconds, double ReadSeconds)
{
    /// <summary>Memory that loading needed at its peak, by the size of the files.</summary>
    public double PeakRatio => (double)(Peak - Before) / FileBytes;

    /// <summary>Memory at the peak of the whole process, .NET and libtorch included, by the size of the files.</summary>
    public double ProcessRatio => (double)Peak / FileBytes;

    /// <summary>Time by that of plain reading.</summary>
    public double TimeRatio => LoadSeconds / ReadSeconds;
}
