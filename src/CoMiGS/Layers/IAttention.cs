namespace CoMiGS.Layers;

/// <summary>An attention module that names its linear children which may carry LoRA adapters.</summary>
public interface IAttention
{
    /// <summary>Names of child modules of type <c>Linear</c>, for example <c>c_attn</c> and <c>c_proj</c>. The module runs them by <c>call</c>.</summary>
    IReadOnlyList<string> AdaptedProjections { get; }
}
