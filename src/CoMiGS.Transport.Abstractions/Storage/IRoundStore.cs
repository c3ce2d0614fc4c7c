namespace CoMiGS.Transport.Storage;

/// <summary>Where coordinators write down what happens in their runs, so that another process can go on after them. Holds any number of runs, each by its name.</summary>
public interface IRoundStore
{
    /// <summary>Opens the log of a run, and begins it if there is none. Nobody else can open it until it is disposed or this process ends.</summary>
    /// <param name="run">The name of the run.</param>
    /// <returns>The log; it belongs to the caller.</returns>
    /// <exception cref="StoreException">Another coordinator holds the run, or the store cannot be written.</exception>
    IRunLog Open(string run);
}
