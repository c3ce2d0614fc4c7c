namespace CoMiGS.Experiments.Results;

/// <summary>
/// What other experiments have finished: the files of the same name in the folders beside the output folder. A cell has the same key wherever its settings
/// are the same, so a table need not compute what another one has. The files are read anew at each question, because other runs may be writing to them.
/// </summary>
/// <param name="output">The output folder of this experiment.</param>
/// <param name="name">The name of the file.</param>
public sealed class OtherResults(string output, string name)
{
    private readonly string _own = Path.TrimEndingDirectorySeparator(Path.GetFullPath(output));

    /// <summary>A finished cell of another experiment, or null.</summary>
    public CellResult? Find(string key)
    {
        var files = from folder in Directory.EnumerateDirectories(Path.GetDirectoryName(_own) ?? _own).Order(StringComparer.Ordinal)
                    where folder != _own
                    let file = Path.Combine(folder, name)
                    where File.Exists(file)
                    select file;
        return files.SelectMany(ResultsFile.Read).FirstOrDefault(result => result.Key == key);
    }
}
