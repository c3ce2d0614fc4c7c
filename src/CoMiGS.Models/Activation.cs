namespace CoMiGS.Models;

/// <summary>The activation function of a feed-forward.</summary>
public enum Activation
{
    /// <summary>x Phi(x) by the tanh approximation; GPT-2's. <c>gelu_new</c>, <c>gelu_fast</c> and <c>gelu_pytorch_tanh</c> in Hugging Face's files.</summary>
    GeluTanh,

    /// <summary>x Phi(x); <c>gelu</c>.</summary>
    Gelu,

    /// <summary>x sigmoid(x), Llama's; <c>silu</c> or <c>swish</c>.</summary>
    Silu,

    /// <summary>max(0, x); <c>relu</c>.</summary>
    Relu,
}
