using CoMiGS.Checkpoints;
using static TorchSharp.torch;

namespace CoMiGS.Bench.Loading;

/// <summary>A folder with random weights of a given shape; gone when disposed.</summary>
public sealed class SyntheticCheckpoint : IDisposable
{
    private const long Seed = 7;
    private const double Spread = 0.02;

    /// <summary>Writes one, tensor by tensor.</summary>
    /// <param name="parent">The folder in which its folder is made; room for the checkpoint must be there.</param>
    /// <param name="shape">Its shape.</param>
    public SyntheticCheckpoint(string parent, CheckpointShape shape)
    {
        Folder = Path.Combine(parent, $"{shape.Name}-{Environment.ProcessId}");
        manual_seed(Seed);
        try
        {
            AtomicFile.WriteText(Path.Combine(Folder, "config.json"), shape.Config);
            SafetensorsFile.WriteSharded(Folder, shape.Tensors.Select(tensor => new SafetensorsSource(tensor.Name, shape.Type, tensor.Shape, () => Weights(tensor.Shape, shape.Type))));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Where it is.</summary>
    public string Folder { get; }

    /// <summary>Its files of weights.</summary>
    public static IEnumerable<string> Files(string folder) => Directory.EnumerateFiles(folder, "*.safetensors").Order(StringComparer.Ordinal);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    private static Tensor Weights(long[] shape, ScalarType type) => randn(shape).mul_(Spread).to(type);
}
