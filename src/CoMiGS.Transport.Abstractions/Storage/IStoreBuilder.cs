namespace CoMiGS.Transport.Storage;

/// <summary>Where a coordinator is told which store to write to. A package with a store extends it with a method of its name, for example <c>UseSqlite</c>.</summary>
public interface IStoreBuilder
{
    /// <summary>Uses a store.</summary>
    /// <param name="factory">Makes or finds it.</param>
    void UseStore(Func<IServiceProvider, IRoundStore> factory);
}
