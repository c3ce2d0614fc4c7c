using System.Text;
using CoMiGS.Demo.Training;

namespace CoMiGS.Demo.Tests.Training;

public sealed class SentenceTests
{
    [Fact]
    public void The_first_line_that_fits_a_screen_is_taken() =>
        Sentence.Of($"kurz\n{new string('x', 70)}\n   das ist der Rest einer Meldung von mehreren Zeilen, eingerückt\nDas ist ein Satz, der lang genug und nicht zu lang ist.\nNoch einer.")
            .Should().Be("Das ist ein Satz, der lang genug und nicht zu lang ist.");

    [Fact]
    public void Without_such_a_line_the_beginning_is_taken_in_whole_characters()
    {
        var sentence = Sentence.Of(string.Concat(Enumerable.Repeat("äöü\n", 100)));

        Encoding.UTF8.GetByteCount(sentence).Should().BeInRange(90, 96);
        sentence.Should().StartWith("äöü äöü").And.NotContain("\n");
    }
}
