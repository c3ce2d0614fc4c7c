using CoMiGS.Checkpoints;
using CoMiGS.Validation;
using static TorchSharp.torch;

namespace CoMiGS.Models.HuggingFace;

/// <summary>A folder in Hugging Face's layout, opened and checked; nothing of its weights is in memory yet.</summary>
internal sealed class CheckpointFolder : IDisposable
{
    private readonly string _folder;
    private readonly List<string> _problems = [];
    private Architecture? _architecture;
    private ModelPlan? _plan;
    private SafetensorsReader? _files;
    private IReadOnlyList<StoredWeight> _weights = [];

    private CheckpointFolder(string folder) => _folder = folder;

    /// <summary>Opens a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="wanted">The class of models to be loaded.</param>
    /// <exception cref="PretrainedException">It cannot be loaded; all reasons are listed.</exception>
    public static CheckpointFolder Open(string folder, Type wanted)
    {
        var checkpoint = new CheckpointFolder(folder);
        try
        {
            checkpoint.LookForAdapters();
            checkpoint.ThrowIfWrong();
            checkpoint.ReadConfig(wanted);
            checkpoint.OpenFiles();
            checkpoint.CompareWeights();
            checkpoint.ThrowIfWrong();
            return checkpoint;
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }
    }

    /// <summary>Bfloat16 where every weight is stored so, else float32.</summary>
    public ScalarType StoredType => _weights.All(w => w.Entry.Type == ScalarType.BFloat16) ? ScalarType.BFloat16 : ScalarType.Float32;

    /// <summary>Builds the model and fills it, tensor after tensor.</summary>
    public LanguageModel Load(ScalarType type, Device device, IProgress<LoadProgress>? progress, CancellationToken cancellationToken)
    {
        var model = _plan!.Build(new BlankLayers(type, device));
        try
        {
            var parameters = model.named_parameters().ToDictionary(p => p.name, p => p.parameter);
            var (done, total) = (0L, _weights.Sum(w => w.Entry.ByteLength));
            foreach (var weight in _weights)
            {
                cancellationToken.ThrowIfCancellationRequested();
                _files!.CopyTo(weight.Entry.Name, parameters[weight.Parameter], weight.Transposed);
                done += weight.Entry.ByteLength;
                progress?.Report(new(weight.Entry.Name, done, total));
            }

            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    public void Dispose() => _files?.Dispose();

    /// <summary>What stands in a folder without a configuration is often half of what is needed: then nothing else about it is worth telling.</summary>
    private void LookForAdapters()
    {
        if (Holds(ConfigFile.FileName))
        {
            return;
        }

        if (Holds("adapter_config.json"))
        {
            _problems.Add("It holds an adapter, not a model. Load the base model, and give this folder to AddAdapter.");
        }
        else if (Holds("comigs.json"))
        {
            _problems.Add("It holds experts, not a model. Load the base model, call AddExperts with their options, and give this folder to Load.");
        }

        bool Holds(string file) => File.Exists(Path.Combine(_folder, file));
    }

    private void ReadConfig(Type wanted)
    {
        if (ConfigFile.Read(_folder, _problems) is not { } config || Architecture.Of(config) is not { } architecture)
        {
            return;
        }

        _architecture = architecture;
        if (!architecture.Model.IsAssignableTo(wanted))
        {
            _problems.Add($"It holds a {architecture.Model.Name}, not a {wanted.Name}. Call {architecture.Model.Name}.FromPretrained, or Pretrained.Load, which takes both.");
        }

        var plan = architecture.Read(config);
        var violations = config.CountsKnown ? OptionsCheck.Violations(plan.Options) : [];
        _problems.AddRange(violations.Select(v => $"{ConfigFile.FileName}: {v}"));
        _plan = config.CountsKnown && violations.Count == 0 ? plan : null;
    }

    private void OpenFiles()
    {
        try
        {
            _files = SafetensorsReader.Open(_folder);
        }
        catch (FileNotFoundException e)
        {
            _problems.Add(Directory.EnumerateFiles(_folder, "*.bin").Any()
                ? "It holds weights in PyTorch's format (.bin), which can run code when it is read and is not read here. Save the model as safetensors."
                : e.Message);
        }
        catch (SafetensorsException e)
        {
            _problems.Add(e.Message);
        }
    }

    private void CompareWeights()
    {
        if (_architecture is null || _plan is null || _files is null)
        {
            return;
        }

        if (_plan.Layers > _files.Entries.Count)
        {
            _problems.Add($"{ConfigFile.FileName} asks for {_plan.Layers} layers, but there are only {_files.Entries.Count} tensors.");
            return;
        }

        using var scope = NewDisposeScope();
        using var shapes = _plan.Build(new BlankLayers(ScalarType.Float32, META));
        _weights = WeightMap.Of(_architecture, shapes, _files, _problems);
        CompareSecondHead(_files, _weights.FirstOrDefault(w => w.Parameter == _architecture.Embeddings));
    }

    /// <summary>A head that the files hold beside the embeddings it is tied to must be the same numbers, or one of the two would be lost.</summary>
    private void CompareSecondHead(SafetensorsReader files, StoredWeight? embeddings)
    {
        if (embeddings is null || _weights.Any(w => w.Parameter == Architecture.Head) || !files.Contains(Architecture.Head))
        {
            return;
        }

        using var scope = NewDisposeScope();
        var (head, tied) = (files[Architecture.Head], embeddings.Entry);
        if (head.Type != tied.Type || !head.Shape.SequenceEqual(tied.Shape) || !files.Read(head.Name).Equals(files.Read(tied.Name)))
        {
            _problems.Add($"{ConfigFile.FileName} ties the output head to the token embeddings, but the tensor '{head.Name}' ({head}) differs from '{tied.Name}' ({tied}). Set tie_word_embeddings to false, or remove one of them.");
        }
    }

    private void ThrowIfWrong()
    {
        if (_problems.Count > 0)
        {
            throw new PretrainedException(_folder, [.. _problems]);
        }
    }
}
