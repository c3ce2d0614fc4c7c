namespace CoMiGS.Layers;

/// <summary>What a backbone's own forward pass needs of memory in a training step: everything but its feed-forwards and the adapters, which <c>ExpertBudget</c> counts itself.</summary>
public interface IActivationMemory
{
    /// <summary>Numbers that stay for the backward pass, over all layers.</summary>
    /// <param name="batch">B, windows per forward pass.</param>
    /// <param name="window">T, tokens per window.</param>
    long Kept(int batch, int window);

    /// <summary>The most numbers that one attention needs at a time beyond those that stay.</summary>
    /// <param name="batch">B.</param>
    /// <param name="window">T.</param>
    long AttentionWorkspace(int batch, int window);
}
