using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Resources;
using CoMiGS.Demo.Text;

namespace CoMiGS.Demo.Tests.Text;

public sealed class ResourceStringsTests
{
    [Fact]
    public void Only_strings_are_read_and_other_types_passed_over()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Of("Mixed.dll");
        WriteAssembly(file, writer =>
        {
            writer.AddResource("Number", 17);
            writer.AddResource("Greeting", "Grüß Gott");
            writer.AddResource("Bytes", new byte[] { 1, 2, 3 });
            writer.AddResource("Long", new string('ä', 5_000));
            writer.AddResourceData("Object", "System.IO.FileInfo, mscorlib", [0, 1, 0, 0]);
        });

        ResourceStrings.Read(file).Should().BeEquivalentTo("Grüß Gott", new string('ä', 5_000));
    }

    [Fact]
    public void A_file_that_is_no_assembly_is_refused()
    {
        using var folder = new TemporaryFolder();
        var file = folder.WithFile("just text", "Text.dll");

        var reading = () => ResourceStrings.Read(file);

        reading.Should().Throw<BadImageFormatException>();
    }

    private static void WriteAssembly(string file, Action<ResourceWriter> fill)
    {
        using var table = new MemoryStream();
        using var writer = new ResourceWriter(table);
        fill(writer);
        writer.Generate();
        var resources = new BlobBuilder();
        resources.WriteInt32((int)table.Length);
        resources.WriteBytes(table.ToArray());

        var metadata = new MetadataBuilder();
        metadata.AddModule(0, metadata.GetOrAddString("Mixed.dll"), metadata.GetOrAddGuid(Guid.Empty), default, default);
        metadata.AddAssembly(metadata.GetOrAddString("Mixed"), new Version(1, 0), default, default, 0, AssemblyHashAlgorithm.None);
        metadata.AddTypeDefinition(default, default, metadata.GetOrAddString("<Module>"), default, MetadataTokens.FieldDefinitionHandle(1), MetadataTokens.MethodDefinitionHandle(1));
        metadata.AddManifestResource(ManifestResourceAttributes.Public, metadata.GetOrAddString("Mixed.resources"), default, 0);
        var image = new BlobBuilder();
        new ManagedPEBuilder(PEHeaderBuilder.CreateLibraryHeader(), new MetadataRootBuilder(metadata), ilStream: new BlobBuilder(), managedResources: resources)
            .Serialize(image);
        File.WriteAllBytes(file, image.ToArray());
    }
}
