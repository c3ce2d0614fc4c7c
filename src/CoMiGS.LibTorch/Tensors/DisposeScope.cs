namespace TorchSharp;

/// <summary>Owns the tensors made on its thread while it is the innermost scope, and disposes them with itself.</summary>
public sealed class DisposeScope : IDisposable
{
    // Tensors may be disposed on another thread than the one that made them, so the set is locked.
    private readonly Lock gate = new();
    private readonly DisposeScopeManager manager;
    private HashSet<IDisposable>? disposables; // null where nothing was ever owned
    private bool disposed;

    internal DisposeScope(DisposeScopeManager manager, DisposeScope? outer)
    {
        this.manager = manager;
        OuterScope = outer;
    }

    /// <summary>The tensors the scope owns now.</summary>
    public IReadOnlyList<IDisposable> DisposablesView => Locked(owned => owned?.ToArray() ?? []);

    /// <summary>How many tensors the scope owns now.</summary>
    public int DisposablesCount => Locked(owned => owned?.Count ?? 0);

    internal DisposeScope? OuterScope { get; set; }

    /// <summary>Whether the scope owns a tensor.</summary>
    public bool Contains(IDisposable disposable) => Locked(owned => owned?.Contains(disposable) ?? false);

    /// <summary>Gives one tensor to the outer scope.</summary>
    public T MoveToOuter<T>(T disposable)
        where T : IDisposable => MoveToOther(OuterScope, disposable);

    /// <summary>Gives two tensors to the outer scope.</summary>
    public (T1 first, T2 second) MoveToOuter<T1, T2>(T1 first, T2 second)
        where T1 : IDisposable
        where T2 : IDisposable => (MoveToOuter(first), MoveToOuter(second));

    /// <summary>Gives three tensors to the outer scope.</summary>
    public (T1 first, T2 second, T3 third) MoveToOuter<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable
        where T2 : IDisposable
        where T3 : IDisposable => (MoveToOuter(first), MoveToOuter(second), MoveToOuter(third));

    /// <summary>Gives tensors to the outer scope.</summary>
    public void MoveToOuter(params IDisposable[] disposables) => MoveToOther(OuterScope, (IEnumerable<IDisposable>)disposables);

    /// <summary>Gives tensors to the outer scope.</summary>
    public void MoveToOuter(IEnumerable<IDisposable> disposables) => MoveToOther(OuterScope, disposables);

    /// <summary>Gives one tensor to another scope, or to nobody when that is null.</summary>
    public T MoveToOther<T>(DisposeScope? scope, T disposable)
        where T : IDisposable
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (Forget(disposable))
        {
            Owner(disposable, scope);
            scope?.Add(disposable);
        }

        return disposable;
    }

    /// <summary>Gives tensors to another scope, or to nobody when that is null.</summary>
    public void MoveToOther(DisposeScope? scope, params IDisposable[] disposables) => MoveToOther(scope, (IEnumerable<IDisposable>)disposables);

    /// <summary>Gives tensors to another scope, or to nobody when that is null.</summary>
    public void MoveToOther(DisposeScope? scope, IEnumerable<IDisposable> disposables)
    {
        foreach (var disposable in disposables)
        {
            MoveToOther(scope, disposable);
        }
    }

    /// <summary>Lets one tensor go: its holder disposes it.</summary>
    public T Detach<T>(T disposable)
        where T : IDisposable => MoveToOther(null, disposable);

    /// <summary>Lets two tensors go.</summary>
    public (T1 first, T2 second) Detach<T1, T2>(T1 first, T2 second)
        where T1 : IDisposable
        where T2 : IDisposable => (Detach(first), Detach(second));

    /// <summary>Lets three tensors go.</summary>
    public (T1 first, T2 second, T3 third) Detach<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable
        where T2 : IDisposable
        where T3 : IDisposable => (Detach(first), Detach(second), Detach(third));

    /// <summary>Lets tensors go.</summary>
    public void Detach(params IDisposable[] disposables) => MoveToOther(null, (IEnumerable<IDisposable>)disposables);

    /// <summary>Lets tensors go.</summary>
    public void Detach(IEnumerable<IDisposable> disposables) => MoveToOther(null, disposables);

    /// <summary>Takes a tensor over, from its scope if it has one.</summary>
    public void Attach(IDisposable disposable) => Attach((IEnumerable<IDisposable>)[disposable]);

    /// <summary>Takes tensors over.</summary>
    public void Attach(params IDisposable[] disposables) => Attach((IEnumerable<IDisposable>)disposables);

    /// <summary>Takes tensors over and returns them.</summary>
    public IReadOnlyList<IDisposable> Attach(IEnumerable<IDisposable> disposables)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        var list = disposables.ToList();
        foreach (var disposable in list)
        {
            var owner = (disposable as Tensor ?? throw new InvalidOperationException("DisposeScope can only manage Tensor")).OwningDisposeScope;
            if (owner != this)
            {
                owner?.Forget(disposable);
                Owner(disposable, this);
                Add(disposable);
            }
        }

        return list;
    }

    /// <summary>Disposes every tensor of the scope.</summary>
    public void DisposeEverything()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        DisposeAll(keep: null);
    }

    /// <summary>Disposes every tensor of the scope but some.</summary>
    public void DisposeEverythingBut(IEnumerable<IDisposable> inKeep)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        DisposeAll(new HashSet<IDisposable>(inKeep, ReferenceEqualityComparer.Instance));
    }

    /// <summary>Disposes every tensor of the scope but some.</summary>
    public void DisposeEverythingBut(params IDisposable[] keep) => DisposeEverythingBut((IEnumerable<IDisposable>)keep);

    /// <summary>Disposes every tensor of the scope but one.</summary>
    public T DisposeEverythingBut<T>(T keep)
        where T : IDisposable
    {
        DisposeEverythingBut((IEnumerable<IDisposable>)[keep]);
        return keep;
    }

    /// <summary>Takes a tensor out of the books because somebody else disposed it.</summary>
    public void MarkAsDisposed(IDisposable disposable)
    {
        Forget(disposable);
        Owner(disposable, null);
    }

    /// <summary>Disposes every tensor of the scope and makes the outer scope the current one.</summary>
    public void Dispose()
    {
        if (!disposed)
        {
            DisposeEverything();
            disposed = true;
            manager.Remove(this);
        }
    }

    /// <summary>Puts a parameter in the place of the tensor whose handle it took.</summary>
    internal static void ReplaceWith(Tensor original, Tensor replacement)
    {
        var scope = original.OwningDisposeScope;
        if (scope is not null && scope.Forget(original))
        {
            original.OwningDisposeScope = null;
            Owner(replacement, scope);
            scope.Add(replacement);
        }
    }

    internal void Add(IDisposable disposable)
    {
        lock (gate)
        {
            (disposables ??= DisposeScopeManager.RentSet()).Add(disposable);
        }
    }

    internal bool Forget(IDisposable disposable)
    {
        lock (gate)
        {
            return disposables?.Remove(disposable) ?? false;
        }
    }

    private static void Owner(IDisposable disposable, DisposeScope? scope)
    {
        if (disposable is Tensor tensor)
        {
            tensor.OwningDisposeScope = scope;
        }
    }

    private void DisposeAll(HashSet<IDisposable>? keep)
    {
        HashSet<IDisposable>? old;
        lock (gate)
        {
            (old, disposables) = (disposables, keep);
        }

        if (old is null)
        {
            return;
        }

        foreach (var disposable in old)
        {
            if (keep is null || !keep.Contains(disposable))
            {
                disposable.Dispose();
            }
        }

        DisposeScopeManager.ReturnSet(old);
    }

    private TResult Locked<TResult>(Func<HashSet<IDisposable>?, TResult> read)
    {
        lock (gate)
        {
            return read(disposables);
        }
    }
}
