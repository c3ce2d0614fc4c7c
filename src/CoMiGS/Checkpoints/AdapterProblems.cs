namespace CoMiGS.Checkpoints;

/// <summary>Everything that is wrong with a folder of adapters, collected so that one error can list all of it.</summary>
internal sealed class AdapterProblems(string folder)
{
    private readonly List<string> _problems = [];

    public bool Any => _problems.Count > 0;

    public void Add(string problem) => _problems.Add(problem);

    public void AddRange(IEnumerable<string> problems) => _problems.AddRange(problems);

    /// <summary>Reads something; a damaged or missing file becomes a problem and null.</summary>
    public T? Try<T>(Func<T> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is SafetensorsException or InvalidDataException or FileNotFoundException)
        {
            _problems.Add(e.Message);
            return null;
        }
    }

    /// <exception cref="InvalidDataException">There is at least one problem; the message lists all.</exception>
    public void ThrowIfAny()
    {
        if (Any)
        {
            throw new InvalidDataException($"The adapters in '{folder}' cannot be used:{Environment.NewLine}- {string.Join($"{Environment.NewLine}- ", _problems)}");
        }
    }
}
