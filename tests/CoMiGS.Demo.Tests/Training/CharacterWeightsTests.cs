using CoMiGS.Demo.Training;

namespace CoMiGS.Demo.Tests.Training;

public sealed class CharacterWeightsTests
{
    [Fact]
    public void A_character_of_several_bytes_gets_their_mean_in_every_layer()
    {
        var text = CharacterWeights.Of("aü!", [[0.1, 0.2, 0.4, 0.9], [1, 0, 1, 0]]);

        text.Characters.Should().Equal("a", "ü", "!");
        text.GeneralistWeight[0].Should().Equal([0.1, 0.3, 0.9], (actual, expected) => Math.Abs(actual - expected) < 1e-12);
        text.GeneralistWeight[1].Should().Equal(1, 0.5, 0);
    }

    [Fact]
    public void A_character_whose_bytes_were_cut_off_is_left_out()
    {
        var text = CharacterWeights.Of("a😀", [[0.5, 0.5, 0.5]]);

        text.Characters.Should().Equal("a");
        text.GeneralistWeight[0].Should().HaveCount(1);
    }
}
