namespace CoMiGS.Reference.Tests;

/// <summary>Compares tensors with their references and names what differs.</summary>
internal static class Closeness
{
    public static void ShouldMatch(this Tensor actual, Tensor expected, double tolerance, string what)
    {
        actual.shape.Should().Equal(expected.shape, what);
        if (expected.numel() > 0)
        {
            var difference = (actual.detach().to(ScalarType.Float64) - expected.to(ScalarType.Float64)).abs().max().ToDouble();
            difference.Should().BeLessThanOrEqualTo(tolerance, "{0} has to be what the released code computes", what);
        }
    }
}
