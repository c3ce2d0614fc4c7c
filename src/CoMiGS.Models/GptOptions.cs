using CoMiGS.Validation;

namespace CoMiGS.Models;

/// <summary>Size of a GPT-2 style transformer.</summary>
public sealed class GptOptions : ICheckedOptions
{
    /// <summary>V, how many token ids there are.</summary>
    /// <value>Default: 50257, GPT-2's.</value>
    [Allowed(1)]
    public int VocabularySize { get; set; } = 50257;

    /// <summary>The longest window of tokens.</summary>
    /// <value>Default: 1024.</value>
    [Allowed(1)]
    public int BlockSize { get; set; } = 1024;

    /// <summary>Number of transformer blocks.</summary>
    /// <value>Default: 12.</value>
    [Allowed(1)]
    public int Layers { get; set; } = 12;

    /// <summary>Attention heads per block.</summary>
    /// <value>Default: 12.</value>
    [Allowed(1)]
    public int Heads { get; set; } = 12;

    /// <summary>d, the model width; a multiple of <see cref="Heads"/>.</summary>
    /// <value>Default: 768.</value>
    [Allowed(1)]
    public int Width { get; set; } = 768;

    /// <summary>f, the width between the projections of the feed-forward.</summary>
    /// <value>Default: null, four times <see cref="Width"/>.</value>
    [Allowed(1)]
    public int? HiddenWidth { get; set; }

    /// <summary>Activation of the feed-forward.</summary>
    /// <value>Default: GELU by the tanh approximation, GPT-2's.</value>
    public Activation Activation { get; set; } = Activation.GeluTanh;

    /// <summary>Dropout while training.</summary>
    /// <value>Default: 0.</value>
    [Allowed(0, 1, ExclusiveMaximum = true)]
    public double Dropout { get; set; }

    /// <summary>Epsilon of the layer norms.</summary>
    /// <value>Default: 1e-5.</value>
    [Allowed(0, ExclusiveMinimum = true)]
    public double LayerNormEpsilon { get; set; } = 1e-5;

    /// <summary>Seed of the initial weights.</summary>
    /// <value>Default: 42.</value>
    public long Seed { get; set; } = 42;

    internal long HiddenSize => HiddenWidth ?? (4L * Width);

    /// <inheritdoc/>
    public IEnumerable<string> CrossFieldViolations()
    {
        if (Heads > 0 && Width % Heads != 0)
        {
            yield return $"Width is {Width}, which {Heads} heads cannot share. Use a multiple of Heads.";
        }

        if (!Enum.IsDefined(Activation))
        {
            yield return $"Activation is {Activation}. Use {string.Join(", ", Enum.GetNames<Activation>())}.";
        }
    }
}
