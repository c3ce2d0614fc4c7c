namespace TorchSharp;

/// <summary>The stack of dispose scopes of one thread. Scopes do not follow a continuation to another thread.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Reliability", "CA1001", Justification = "Scopes are disposed by those who open them.")]
internal sealed class DisposeScopeManager
{
    private const int MostSets = 32; // deeper than scopes are nested
    private const int MostCapacity = 1024; // clearing a large set for a few tensors would cost more than a new one

    [ThreadStatic]
    private static DisposeScopeManager? ofThread;

    // A step opens dozens of scopes, one after another: their sets serve again.
    private readonly Stack<HashSet<IDisposable>> sets = new();
    private DisposeScope? current;

    public static DisposeScopeManager OfThread => ofThread ??= new DisposeScopeManager();

    public static DisposeScope? Register(IDisposable item)
    {
        var scope = ofThread?.current;
        scope?.Add(item);
        return scope;
    }

    /// <summary>An empty set, one of this thread's if there is one.</summary>
    public static HashSet<IDisposable> RentSet() =>
        ofThread is { } manager && manager.sets.TryPop(out var set) ? set : new(ReferenceEqualityComparer.Instance);

    /// <summary>Takes back a set that nobody uses any more.</summary>
    public static void ReturnSet(HashSet<IDisposable> set)
    {
        if (OfThread.sets.Count < MostSets && set.Capacity <= MostCapacity)
        {
            set.Clear();
            OfThread.sets.Push(set);
        }
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
