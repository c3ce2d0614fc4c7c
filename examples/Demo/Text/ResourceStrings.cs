using System.Collections;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Resources;
using System.Text;

namespace CoMiGS.Demo.Text;

/// <summary>
/// Reads the string resources embedded in a managed assembly without loading it. Resources of any other type are passed over
/// unopened, so that nothing serialized in a file is ever brought to life.
/// </summary>
public static class ResourceStrings
{
    /// <summary>Every string of every resource table of the assembly, in the order of the file.</summary>
    /// <exception cref="BadImageFormatException">The file is not a managed assembly.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyList<string> Read(string assembly)
    {
        using var file = File.OpenRead(assembly);
        using var image = new PEReader(file);
        if (!image.HasMetadata || image.PEHeaders.CorHeader is not { } header)
        {
            throw new BadImageFormatException($"{assembly} is not a managed assembly.");
        }

        var metadata = image.GetMetadataReader();
        var strings = new List<string>();
        foreach (var handle in metadata.ManifestResources)
        {
            var resource = metadata.GetManifestResource(handle);
            if (resource.Implementation.IsNil && metadata.GetString(resource.Name).EndsWith(".resources", StringComparison.Ordinal))
            {
                var section = image.GetSectionData(header.ResourcesDirectory.RelativeVirtualAddress);
                var start = section.GetReader(checked((int)resource.Offset), sizeof(int));
                var length = start.ReadInt32();
                AddStrings(section.GetReader(checked((int)resource.Offset) + sizeof(int), length).ReadBytes(length), strings);
            }
        }

        return strings;
    }

    private static void AddStrings(byte[] table, List<string> strings)
    {
        using var reader = new ResourceReader(new MemoryStream(table));
        var entries = reader.GetEnumerator();
        while (entries.MoveNext())
        {
            // The key alone; entries.Value would bring a serialized object to life.
            reader.GetResourceData((string)entries.Key, out var type, out var data);
            if (type == "ResourceTypeCode.String" || type.StartsWith("System.String,", StringComparison.Ordinal))
            {
                using var value = new BinaryReader(new MemoryStream(data), Encoding.UTF8);
                strings.Add(value.ReadString());
            }
        }
    }
}
