using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CoMiGS.Tests.Models;

/// <summary>A language model as people write it: own classes, sealed fields, nothing of this library.</summary>
internal sealed class Foreign : nn.Module<Tensor, Tensor>
{
    public const int Vocabulary = 256;
    public const int Width = 16;

    private readonly Embedding tokens;
    private readonly ModuleList<ForeignBlock> layers;
    private readonly LayerNorm norm;
    private readonly Linear head;

    public Foreign(double dropout = 0)
        : base(nameof(Foreign))
    {
        using var generator = manual_seed(3);
        tokens = nn.Embedding(Vocabulary, Width);
        layers = new ModuleList<ForeignBlock>(new ForeignBlock(Width, dropout), new ForeignBlock(Width, dropout));
        norm = nn.LayerNorm(Width);
        head = nn.Linear(Width, Vocabulary, hasBias: false);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        var x = tokens.call(input); // (B, T, d)
        foreach (var layer in layers)
        {
            x = layer.call(x);
        }

        return head.call(norm.call(x)); // (B, T, V)
    }
}

/// <summary>Mixing over earlier tokens, then a feed-forward.</summary>
internal sealed class ForeignBlock : nn.Module<Tensor, Tensor>
{
    private readonly LayerNorm norm1;
    private readonly Linear q_proj;
    private readonly Linear v_proj;
    private readonly LayerNorm norm2;
    private readonly nn.Module<Tensor, Tensor> mlp;

    public ForeignBlock(long width, double dropout)
        : base(nameof(ForeignBlock))
    {
        norm1 = nn.LayerNorm(width);
        q_proj = nn.Linear(width, width);
        v_proj = nn.Linear(width, width);
        norm2 = nn.LayerNorm(width);
        mlp = new ForeignMlp(width, 3 * width, dropout);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        var x = norm1.call(input);
        var mean = v_proj.call(x).cumsum(1) / arange(1, input.shape[1] + 1).unsqueeze(1); // (B, T, d)
        var mixed = input + (q_proj.call(x).sigmoid() * mean);
        return mixed + mlp.call(norm2.call(mixed));
    }
}

/// <summary>A feed-forward that knows nothing of experts.</summary>
internal sealed class ForeignMlp : nn.Module<Tensor, Tensor>
{
    public readonly Linear fc1;
    public readonly Linear fc2;
    public readonly Dropout drop;

    public ForeignMlp(long width, long hidden, double dropout = 0)
        : base(nameof(ForeignMlp))
    {
        fc1 = nn.Linear(width, hidden);
        fc2 = nn.Linear(hidden, width);
        drop = nn.Dropout(dropout);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => drop.call(fc2.call(nn.functional.gelu(fc1.call(input))));
}
