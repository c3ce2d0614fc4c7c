namespace CoMiGS.Models.HuggingFace;

/// <summary>What Hugging Face calls the activation functions.</summary>
internal static class ActivationNames
{
    private static readonly (string Name, Activation Activation)[] Known =
    [
        ("gelu_new", Activation.GeluTanh), ("gelu_pytorch_tanh", Activation.GeluTanh), ("gelu_fast", Activation.GeluTanh), ("gelu", Activation.Gelu),
        ("silu", Activation.Silu), ("swish", Activation.Silu), ("relu", Activation.Relu),
    ];

    /// <summary>The activation that a field names.</summary>
    public static Activation Read(ConfigFile config, string field, Activation fallback)
    {
        var name = config.Text(field);
        foreach (var known in Known.Where(k => k.Name == name))
        {
            return known.Activation;
        }

        if (name is not null)
        {
            config.Refuse(field, string.Join(", ", Known.Select(k => k.Name)));
        }

        return fallback;
    }

    /// <summary>The first name of an activation.</summary>
    public static string Of(Activation activation) => Known.First(k => k.Activation == activation).Name;
}
