namespace CoMiGS.Torch.Tests;

/// <summary>Reads tensors as plain numbers and compares gradients with central finite differences.</summary>
internal static class Numbers
{
    private const double Step = 1e-6;

    public static double[] Of(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.detach().to(ScalarType.Float64).contiguous().data<double>().ToArray();
    }

    /// <summary>A float64 tensor with the given elements.</summary>
    public static Tensor Vector(params double[] values) => tensor(values);

    /// <summary>A float64 matrix that looks random but is the same everywhere.</summary>
    public static Tensor Matrix(long rows, long columns, double offset = 0)
    {
        var values = Enumerable.Range(0, (int)(rows * columns)).Select(i => Math.Sin((1.7 * i) + offset)).ToArray();
        return tensor(values, [rows, columns]);
    }

    public static void ShouldBe(Tensor actual, double[] expected, double tolerance = 1e-10)
    {
        var values = Of(actual);
        values.Length.Should().Be(expected.Length);
        for (var i = 0; i < values.Length; i++)
        {
            values[i].Should().BeApproximately(expected[i], tolerance, "element {0} is worked out by hand", i);
        }
    }

    /// <summary>Compares the gradients of a weighted sum of the result with differences of its values.</summary>
    public static void CheckGradients(Func<Tensor[], Tensor> function, params Tensor[] inputs)
    {
        using var scope = NewDisposeScope();
        foreach (var input in inputs)
        {
            input.requires_grad = true;
        }

        Tensor Loss()
        {
            var result = function(inputs);
            var weights = arange(result.numel(), ScalarType.Float64).cos().reshape(result.shape);
            return (result * weights).sum();
        }

        var gradients = autograd.grad([Loss()], inputs);
        for (var k = 0; k < inputs.Length; k++)
        {
            var analytic = Of(gradients[k]);
            var access = inputs[k].detach().view(-1).data<double>();
            for (var i = 0; i < analytic.Length; i++)
            {
                var original = access[i];
                access[i] = original + Step;
                var above = Value(Loss);
                access[i] = original - Step;
                var below = Value(Loss);
                access[i] = original;
                var numeric = (above - below) / (2 * Step);
                analytic[i].Should().BeApproximately(numeric, 1e-6 * (1 + Math.Abs(numeric)), "input {0}, element {1}", k, i);
            }
        }
    }

    private static double Value(Func<Tensor> loss)
    {
        using var mode = no_grad();
        using var scope = NewDisposeScope();
        return loss().item<double>();
    }
}
