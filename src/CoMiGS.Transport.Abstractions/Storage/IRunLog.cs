namespace CoMiGS.Transport.Storage;

/// <summary>The log of one run: records with ascending numbers, each durable or absent.</summary>
/// <remarks>
/// Calls come one at a time. After an exception of <see cref="Append"/> the record may be there or not; whoever appends finds out with <see cref="ReadNext"/>.
/// What a record holds is the coordinator's business.
/// </remarks>
public interface IRunLog : IDisposable
{
    /// <summary>The record with the lowest number beyond <paramref name="after"/>.</summary>
    /// <param name="after">A number; 0 for the first record that there is.</param>
    /// <returns>The record; null if there is none.</returns>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    RunRecord? ReadNext(long after);

    /// <summary>Adds a record; it survives any crash once this returns.</summary>
    /// <param name="record">The record; its number is higher than that of all others. Its content is the caller's, and may change once this returns.</param>
    /// <param name="replacesAll">Whether all earlier records go in the same instant, since this one says all that is left of them.</param>
    /// <exception cref="StoreException">The disk is full or read-only, the connection is lost, or somebody else has written that number.</exception>
    void Append(RunRecord record, bool replacesAll);
}
