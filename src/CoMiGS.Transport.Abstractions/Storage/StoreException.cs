using System.Diagnostics.CodeAnalysis;

namespace CoMiGS.Transport.Storage;

/// <summary>A store cannot be opened, read or written. Nothing that was not written has been acknowledged; once the store works again the coordinator goes on.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Without saying which store it would say nothing.")]
public sealed class StoreException : IOException
{
    /// <summary>A store that does not work.</summary>
    /// <param name="message">Which store, what does not work, and what to do.</param>
    /// <param name="innerException">What the store itself says.</param>
    public StoreException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>A run that somebody else leads.</summary>
    /// <param name="run">The run.</param>
    /// <param name="store">The store, in words.</param>
    /// <param name="innerException">What the store itself says.</param>
    public static StoreException Held(string run, string store, Exception? innerException = null) =>
        new($"Another coordinator leads the run '{run}' from {store}. Stop that one first; if it was killed, its hold is gone by itself. Or give this run another name.", innerException);
}
