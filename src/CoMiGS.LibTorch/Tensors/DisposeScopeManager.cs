namespace TorchSharp;

/// <summary>The stack of dispose scopes of one thread. Scopes do not follow a continuation to another thread.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Reliability", "CA1001", Justification = "Scopes are disposed by those who open them.")]
internal sealed class DisposeScopeManager
{
    [ThreadStatic]
    private static DisposeScopeManager? ofThread;

    private DisposeScope? current;

    public static DisposeScopeManager OfThread => ofThread ??= new DisposeScopeManager();

    public static DisposeScope? Register(IDisposable item)
    {
        var scope = ofThread?.current;
        scope?.Add(item);
        return scope;
    }

    public DisposeScope Open() => current = new DisposeScope(this, current);

    public void Remove(DisposeScope scope)
    {
        if (current == scope)
        {
            current = scope.OuterScope;
            return;
        }

        // Closed out of order: the scopes inside keep working, their outer scope becomes this one's.
        for (var inner = current; inner is not null; inner = inner.OuterScope)
        {
            if (inner.OuterScope == scope)
            {
                inner.OuterScope = scope.OuterScope;
                return;
            }
        }
    }
}
