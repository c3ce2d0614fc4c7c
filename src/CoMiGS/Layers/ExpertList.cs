using CoMiGS.Experts;
using static TorchSharp.torch;

namespace CoMiGS.Layers;

/// <summary>The experts of a mixture, under the names that they are saved by.</summary>
internal sealed class ExpertList : nn.Module
{
    private readonly List<string> _names = [];
    private readonly List<Expert> _experts = [];

    public ExpertList(IEnumerable<string> names, IEnumerable<Expert> experts)
        : base("experts") => Add(names, experts);

    public IReadOnlyList<string> Names => _names;

    public IReadOnlyList<Expert> Experts => _experts;

    /// <summary>Replaces the experts; those that are not among the new ones are freed.</summary>
    public void Exchange(IReadOnlyList<string> names, IReadOnlyList<Expert> experts)
    {
        var gone = _experts.Except(experts).ToList();
        _names.ForEach(name => register_module(name, null!));
        _names.Clear();
        _experts.Clear();
        gone.ForEach(expert => expert.Dispose());
        Add(names, experts);
    }

    private void Add(IEnumerable<string> names, IEnumerable<Expert> experts)
    {
        foreach (var (name, expert) in names.Zip(experts))
        {
            _names.Add(name);
            _experts.Add(expert);
            register_module(name, expert);
        }
    }
}
