namespace CoMiGS.Demo.Reports;

/// <summary>Style sheets and scripts of pages, which are embedded in assemblies and written into the pages.</summary>
internal static class PageFile
{
    public static string Read(string name) => Read(name, typeof(PageFile));

    /// <param name="name">The file's name.</param>
    /// <param name="near">A type in the assembly that holds it.</param>
    public static string Read(string name, Type near)
    {
        using var stream = near.Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not embedded in {near.Assembly.GetName().Name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
