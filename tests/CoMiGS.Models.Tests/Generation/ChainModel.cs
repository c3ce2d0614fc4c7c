using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CoMiGS.Models.Tests.Generation;

/// <summary>A language model whose next-token logits are a row of a table, looked up by the last token: its texts can be worked out by hand.</summary>
internal sealed class ChainModel : LanguageModel
{
    private readonly Parameter table; // (V, V)
    private readonly Parameter head; // (V, V), the identity: hidden states are logits

    public ChainModel(float[,] logits, int blockSize = 8)
        : base(nameof(ChainModel))
    {
        table = new Parameter(tensor(logits));
        head = new Parameter(eye(table.shape[0]));
        RegisterComponents();
        table.DetachFromDisposeScope();
        head.DetachFromDisposeScope();
        BlockSize = blockSize;
    }

    public override int VocabularySize => (int)table.shape[0];

    public override Tensor HeadWeight => head;

    public override int BlockSize { get; }

    /// <summary>Runs in every forward pass.</summary>
    public Action OnRead { get; set; } = () => { };

    /// <summary>All tokens have these logits, whatever came before.</summary>
    public static ChainModel Constant(params float[] logits)
    {
        var table = new float[logits.Length, logits.Length];
        for (var i = 0; i < logits.Length; i++)
        {
            for (var j = 0; j < logits.Length; j++)
            {
                table[i, j] = logits[j];
            }
        }

        return new ChainModel(table);
    }

    /// <summary>Counts 0, 1, 2, ... and begins again.</summary>
    public static ChainModel Counting(int vocabulary, int blockSize = 8)
    {
        var table = new float[vocabulary, vocabulary];
        for (var i = 0; i < vocabulary; i++)
        {
            table[i, (i + 1) % vocabulary] = 20;
        }

        return new ChainModel(table, blockSize);
    }

    public override long Kept(int batch, int window) => 0;

    public override long AttentionWorkspace(int batch, int window) => 0;

    protected override Tensor Activations(Tensor input, AttentionPass pass)
    {
        OnRead();
        return table.index_select(0, input.flatten()).reshape(input.shape[0], input.shape[1], -1);
    }

    protected override Tensor Logits(Tensor activations) => activations;
}
