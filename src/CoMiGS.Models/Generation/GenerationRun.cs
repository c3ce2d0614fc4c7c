using CoMiGS.Layers;
using CoMiGS.Parameters;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Models.Generation;

/// <summary>A batch of texts under way: every step adds one token to each that is not finished. One thread at a time, but not always the same one.</summary>
internal sealed class GenerationRun : IDisposable
{
    private readonly MoeModel? _experts;
    private readonly int _maximumTokens;
    private readonly HashSet<int> _stopTokens;
    private readonly TokenChoice _choice;
    private readonly List<TextRow> _rows;
    private readonly IDisposable _evaluation;
    private readonly WindowReader _reader;

    public GenerationRun(LanguageModel model, MoeModel? experts, IReadOnlyList<IReadOnlyList<int>> prompts, GenerationOptions options)
    {
        _experts = options.TraceRouting ? experts : null;
        _maximumTokens = options.MaximumTokens;
        _stopTokens = [.. options.StopTokens];
        _choice = new TokenChoice(options);
        var seed = new Seed(options.Seed);
        _rows = [.. prompts.Select((prompt, b) => new TextRow(prompt, seed.For(b), _experts is null ? null : new RoutingTrace()))];
        _rows.ForEach(r => r.StopAt(_maximumTokens));
        var capacity = (int)Math.Min(model.BlockSize, prompts.Max(p => p.Count) + (long)options.MaximumTokens);
        _reader = new WindowReader(model, options.UseCache ? new KeyValueCache(model, prompts.Count, capacity) : null, everyPosition: options.TraceRouting);
        _evaluation = model.Evaluation.Enter(alone: options.TraceRouting);
    }

    public bool IsFinished => !_rows.Exists(r => r.NeedsReading);

    /// <summary>Reads what is new and chooses the next tokens.</summary>
    public IReadOnlyList<GeneratedToken> Step()
    {
        using var noGraph = inference_mode();
        using var scope = NewDisposeScope();
        var logits = Read().to(ScalarType.Float32).cpu().contiguous(); // (B, V)
        var numbers = logits.data<float>().ToArray();
        var vocabulary = (int)logits.shape[1];
        var tokens = new List<GeneratedToken>(_rows.Count);
        for (var b = 0; b < _rows.Count; b++)
        {
            var row = _rows[b];
            if (row.Stopped is null && row.Extend(_choice, numbers.AsSpan(b * vocabulary, vocabulary), _stopTokens) is { } token)
            {
                tokens.Add(new(b, token));
                row.StopAt(_maximumTokens);
            }
        }

        return tokens;
    }

    public IReadOnlyList<Continuation> Results() => [.. _rows.Select(r => r.Result())];

    public void Dispose()
    {
        _reader.Dispose();
        _evaluation.Dispose();
    }

    private Tensor Read()
    {
        if (_experts is null)
        {
            return _reader.Read(_rows).Logits;
        }

        using var recording = _experts.RecordRouting(keepTokens: true);
        var (logits, layout) = _reader.Read(_rows);
        for (var b = 0; b < _rows.Count; b++)
        {
            var trace = _rows[b].Trace!;
            for (var token = trace.Tokens; token < layout.Starts[b] + layout.Counts[b]; token++) // tokens read again, after the window moved or without a cache, are known
            {
                trace.Add(recording, (b * layout.Columns) + token - layout.Starts[b]);
            }
        }

        return logits;
    }
}
