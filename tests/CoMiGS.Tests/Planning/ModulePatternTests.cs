using CoMiGS.Planning;

namespace CoMiGS.Tests.Planning;

public sealed class ModulePatternTests
{
    [Theory]
    [InlineData("q_proj", "layers.0.attn.q_proj", true)]
    [InlineData("q_proj", "q_proj", true)]
    [InlineData("proj", "layers.0.attn.q_proj", false)] // an ending begins at a dot
    [InlineData("mlp.c_proj", "h.0.mlp.c_proj", true)]
    [InlineData("mlp.c_proj", "h.0.attn.c_proj", false)]
    [InlineData("h.0.mlp.c_proj", "h.0.mlp.c_proj", true)]
    [InlineData("c_proj", "h.0.attn.c_proj.base_layer", false)]
    [InlineData("h.*.c_proj", "h.0.c_proj", false)] // a list holds names, not expressions
    public void A_name_means_the_paths_that_end_with_it(string name, string path, bool expected)
    {
        ModulePattern pattern = [name, "nothing"];

        pattern.Matches(path).Should().Be(expected);
    }

    [Theory]
    [InlineData(@".*\.q_proj", "layers.0.attn.q_proj", true)]
    [InlineData("q_proj", "layers.0.attn.q_proj", false)] // the whole path has to match
    [InlineData(@"layers\.[02]\.attn\.(q|v)_proj", "layers.2.attn.v_proj", true)]
    [InlineData(@"layers\.[02]\.attn\.(q|v)_proj", "layers.1.attn.v_proj", false)]
    [InlineData("a|b", "ab", false)]
    [InlineData("a|b", "b", true)]
    public void A_string_is_a_regular_expression_of_the_whole_path(string expression, string path, bool expected)
    {
        ModulePattern pattern = expression;

        pattern.Matches(path).Should().Be(expected);
    }

    [Fact]
    public void What_is_no_pattern_is_refused()
    {
        new Action(() => ModulePattern.Matching("(")).Should().Throw<ArgumentException>();
        new Action(() => ModulePattern.EndingWith("q_proj", "")).Should().Throw<ArgumentException>().WithMessage("*[q_proj, ]*none that is empty*");
        new Action(() => ModulePattern.EndingWith()).Should().Throw<ArgumentException>().WithMessage("*at least one*");
    }

    [Fact]
    public void A_broken_expression_is_shown_as_it_was_written() =>
        new Action(() => ModulePattern.Matching("layers.[")).Should().Throw<ArgumentException>().WithMessage("Invalid pattern 'layers.[' at offset 8. *");

    [Fact]
    public void An_array_of_names_is_a_pattern_too()
    {
        string[] names = ["q_proj", "v_proj"];
        ModulePattern pattern = names;

        pattern.Should().Equal(names);
    }

    [Fact]
    public void The_word_of_PEFT_for_every_linear_layer_is_understood()
    {
        ModulePattern pattern = "all-linear";

        pattern.Should().BeSameAs(ModulePattern.AllLinear);
    }
}
