namespace TorchSharp;

public static partial class torch
{
    /// <summary>No operation of this thread is recorded until the result is disposed.</summary>
    public static IDisposable no_grad() => new GradMode(false);

    /// <summary>Operations of this thread are recorded until the result is disposed.</summary>
    public static IDisposable enable_grad(bool enabled = true) => new GradMode(enabled);

    /// <summary>Switches recording on this thread until the result is disposed.</summary>
    public static IDisposable set_grad_enabled(bool mode = true) => new GradMode(mode);

    /// <summary>Whether operations of this thread are recorded.</summary>
    public static bool is_grad_enabled() => Native.GradMode();

    /// <summary>Neither recording nor version counting on this thread until the result is disposed.</summary>
    public static IDisposable inference_mode(bool mode = true) => new InferenceMode(mode);

    /// <summary>Whether this thread is in inference mode.</summary>
    public static bool is_inference_mode_enabled() => Native.InferenceMode();

    /// <summary>Opens a scope that disposes the tensors made on this thread until it is disposed.</summary>
    public static DisposeScope NewDisposeScope() => DisposeScopeManager.OfThread.Open();

    /// <summary>Runs an expression in a scope and keeps only its result.</summary>
    public static Tensor WrappedTensorDisposeScope(Func<Tensor> expr)
    {
        using var scope = NewDisposeScope();
        return expr().MoveToOuterDisposeScope();
    }

    private sealed class GradMode : IDisposable
    {
        private readonly bool previous = Native.GradMode();

        public GradMode(bool enabled) => Native.SetGradMode(enabled);

        public void Dispose() => Native.SetGradMode(previous);
    }

    private sealed class InferenceMode(bool mode) : IDisposable
    {
        private nint guard = Native.InferenceEnter(mode);

        public void Dispose()
        {
            if (guard != 0)
            {
                Native.InferenceLeave(guard);
                guard = 0;
            }
        }
    }
}
