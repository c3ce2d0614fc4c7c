using CoMiGS.Data;

namespace CoMiGS.Tests.Data;

public sealed class TokenArrayTests
{
    [Fact]
    public void Tokens_are_read_from_any_place_and_never_from_outside()
    {
        var tokens = new TokenArray([5, 6, 7, 8], "mine");
        var two = new long[2];

        tokens.Read(1, two);

        two.Should().Equal(6, 7);
        tokens.Length.Should().Be(4);
        tokens.Name.Should().Be("mine");
        tokens.Invoking(t => t.Read(3, new long[2])).Should().Throw<ArgumentException>();
    }
}
