namespace CoMiGS.Demo.Training;

/// <summary>Looks at the tensor engine before anything is computed with it.</summary>
internal static class EngineCheck
{
    /// <summary>What about the engine needs attention, such as a slow matrix product.</summary>
    /// <exception cref="DllNotFoundException">There is no libtorch, or another version than the one this was built against.</exception>
    public static IReadOnlyList<string> Warnings() =>
#if TORCH_SYSTEM
        LibTorch.TorchEngine.Check();
#else
        [];
#endif
}
