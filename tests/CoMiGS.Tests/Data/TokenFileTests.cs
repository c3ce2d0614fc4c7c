using CoMiGS.Data;
using FsCheck;
using FsCheck.Fluent;

namespace CoMiGS.Tests.Data;

public sealed class TokenFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("comigs").FullName;

    [Theory]
    [InlineData(TokenWidth.TwoBytes, 65535)]
    [InlineData(TokenWidth.FourBytes, 4294967295)]
    public void What_is_written_is_read_back(TokenWidth width, long largest)
    {
        var path = Path.Combine(_folder, "train.bin");
        var property = Prop.ForAll(ArbMap.Default.ArbFor<NonEmptyArray<uint>>(), ids =>
        {
            var tokens = ids.Get.Select(id => id % (largest + 1)).ToArray();
            TokenFile.Write(path, tokens, width);
            using var file = TokenFile.Open(path, width);
            var read = new long[file.Length];
            file.Read(0, read);
            return read.SequenceEqual(tokens);
        });

        Check.QuickThrowOnFailure(property);
    }

    [Fact]
    public void Bytes_are_little_endian_without_a_header()
    {
        var path = Path.Combine(_folder, "tokens.bin");
        TokenFile.Write(path, [1, 258]);

        File.ReadAllBytes(path).Should().Equal(1, 0, 2, 1);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var act = () => TokenFile.Open(Path.Combine(_folder, "none.bin"));

        act.Should().Throw<FileNotFoundException>().WithMessage("*none.bin*");
    }

    [Fact]
    public void An_empty_file_is_refused()
    {
        var path = Path.Combine(_folder, "empty.bin");
        File.WriteAllBytes(path, []);

        var act = () => TokenFile.Open(path);

        act.Should().Throw<InvalidDataException>().WithMessage("*empty.bin' is empty*at least two tokens*");
    }

    [Fact]
    public void A_file_of_odd_length_is_refused()
    {
        var path = Path.Combine(_folder, "odd.bin");
        File.WriteAllBytes(path, [1, 2, 3]);

        var act = () => TokenFile.Open(path);

        act.Should().Throw<InvalidDataException>().WithMessage("*odd.bin' has 3 bytes, which is no multiple of 2*");
    }

    [Fact]
    public void An_id_too_large_for_the_width_is_refused_and_leaves_no_file()
    {
        var path = Path.Combine(_folder, "large.bin");

        var act = () => TokenFile.Write(path, [1, 70_000]);

        act.Should().Throw<ArgumentOutOfRangeException>().WithMessage("*Token 1 is 70000*0 to 65535*");
        Directory.GetFiles(_folder).Should().BeEmpty();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
