using System.Security.Cryptography;
using CoMiGS.Checkpoints;
using CoMiGS.Transport;

namespace CoMiGS.Federation;

/// <summary>
/// What rounding has taken from a device's updates, before and after the present round: a round that is sent again, by this process or by the next one, begins with what the first
/// try began with, and sends the same bytes.
/// </summary>
internal sealed class RoundingRest
{
    private const string Before = "before/";
    private const string After = "after/";
    private readonly string _run;
    private readonly string _device;
    private readonly string? _file;
    private int _round;
    private TensorSet _before = TensorSet.Empty;
    private TensorSet _after = TensorSet.Empty;

    /// <param name="run">The run; what another run left does not count.</param>
    /// <param name="device">The device.</param>
    /// <param name="file">Where it is kept, next to the training state; null for memory alone.</param>
    public RoundingRest(string run, string device, string? file)
    {
        (_run, _device, _file) = (run, device, file);
        if (file is not null && File.Exists(file))
        {
            Load(File.ReadAllBytes(file));
        }
    }

    /// <summary>The rest of earlier rounds; null where there is none, as for a tensor whose shape has changed.</summary>
    public NamedTensor? Of(TensorSpec spec) => _before.TryGet(spec.Name, out var tensor) && tensor.Spec == spec ? tensor : null;

    /// <summary>A round is about to be rounded, for the first time or again.</summary>
    public void Enter(int round)
    {
        if (round != _round)
        {
            (_round, _before) = (round, _after);
        }
    }

    /// <summary>What the round leaves; on disk when this returns.</summary>
    public void Leave(TensorSet rest)
    {
        _after = rest;
        Save();
    }

    /// <summary>As if the round had not been sent.</summary>
    public void Undo(int round)
    {
        if (round == _round && _after != _before)
        {
            Leave(_before);
        }
    }

    private void Save()
    {
        if (_file is null)
        {
            return;
        }

        var tensors = new TensorSet([.. Renamed(_before, name => Before + name), .. Renamed(_after, name => After + name)]);
        var payload = PayloadCodec.Encode(new ExpertUpdate(_run, _round, _device, 1, "none", 0, tensors, new Dictionary<string, double>()), Unlimited);
        AtomicFile.Write(_file, stream =>
        {
            stream.Write(SHA256.HashData(payload));
            stream.Write(payload);
        });
    }

    private void Load(byte[] content)
    {
        var payload = content.AsMemory(Math.Min(content.Length, SHA256.HashSizeInBytes));
        if (!SHA256.HashData(payload.Span).AsSpan().SequenceEqual(content.AsSpan(0, content.Length - payload.Length)))
        {
            throw new InvalidDataException($"'{_file}' is damaged: its SHA-256 does not fit. Delete it; the next update is then rounded as if it were the first.");
        }

        var kept = PayloadCodec.DecodeExpertUpdate(payload, Unlimited);
        if (kept.Run == _run && kept.Device == _device)
        {
            _round = kept.Round;
            _before = Part(kept.Tensors, Before);
            _after = Part(kept.Tensors, After);
        }
    }

    /// <summary>It is the device's own file, and holds everything twice.</summary>
    private static PayloadLimits Unlimited => PayloadLimits.Default with { MaxBytes = Array.MaxLength, MaxTensors = int.MaxValue, MaxElements = int.MaxValue, MaxNameBytes = ushort.MaxValue };

    private static TensorSet Part(TensorSet tensors, string prefix) =>
        new(Renamed(tensors.Where(tensor => tensor.Spec.Name.StartsWith(prefix, StringComparison.Ordinal)), name => name[prefix.Length..]));

    private static IEnumerable<NamedTensor> Renamed(IEnumerable<NamedTensor> tensors, Func<string, string> rename) =>
        tensors.Select(tensor => new NamedTensor(new TensorSpec(rename(tensor.Spec.Name), tensor.Spec.Type, tensor.Spec.Shape), tensor.Data));
}
