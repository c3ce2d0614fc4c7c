using CoMiGS.Demo.Text;

namespace CoMiGS.Demo.Tests.Text;

public sealed class StableHashTests
{
    // The first eight bytes of SHA-256, from FIPS 180-2's examples and the well-known hash of the empty text.
    [Theory]
    [InlineData("abc", 0xba7816bf8f01cfeaUL)]
    [InlineData("", 0xe3b0c44298fc1c14UL)]
    public void It_is_the_beginning_of_SHA_256(string text, ulong expected) => StableHash.Of(text).Should().Be(expected);
}
