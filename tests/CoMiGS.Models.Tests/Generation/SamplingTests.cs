using CoMiGS.Models.Generation;
using FsCheck;
using FsCheck.Fluent;

namespace CoMiGS.Models.Tests.Generation;

public sealed class SamplingTests
{
    private const int Draws = 20_000;

    [Fact]
    public void Temperature_one_draws_from_the_softmax()
    {
        using var model = ChainModel.Constant(Logs(0.5, 0.25, 0.125, 0.125));

        Matches(Frequencies(model, new() { Temperature = 1 }), 0.5, 0.25, 0.125, 0.125);
    }

    [Fact]
    public void Another_temperature_raises_the_probabilities_to_its_inverse_power()
    {
        using var model = ChainModel.Constant(Logs(0.6, 0.3, 0.1));

        Matches(Frequencies(model, new() { Temperature = 0.5 }), 0.36 / 0.46, 0.09 / 0.46, 0.01 / 0.46);
        Matches(Frequencies(model, new() { Temperature = 2 }), [.. new[] { 0.6, 0.3, 0.1 }.Select(p => Math.Sqrt(p) / (Math.Sqrt(0.6) + Math.Sqrt(0.3) + Math.Sqrt(0.1)))]);
    }

    [Fact]
    public void A_temperature_close_to_zero_is_the_same_as_greedy()
    {
        using var model = ChainModel.Constant(1, 3, 2.999f);

        Frequencies(model, new() { Temperature = 1e-300 }, 100).Should().Equal(0, 1, 0);
        Frequencies(model, new() { Temperature = double.Epsilon }, 100).Should().Equal(0, 1, 0);
    }

    [Fact]
    public void Greedy_takes_the_lowest_id_among_the_most_likely()
    {
        using var model = ChainModel.Constant(1, 7, 7, 7, -3);

        Frequencies(model, new(), 10).Should().Equal(0, 1, 0, 0, 0);
    }

    [Fact]
    public void Top_k_keeps_the_k_most_likely_in_their_proportions()
    {
        using var model = ChainModel.Constant(Logs(0.1, 0.4, 0.2, 0.3));

        Matches(Frequencies(model, new() { Temperature = 1, TopK = 2 }), 0, 4 / 7d, 0, 3 / 7d);
        Frequencies(model, new() { Temperature = 1, TopK = 1 }, 100).Should().Equal(0, 1, 0, 0);
        Matches(Frequencies(model, new() { Temperature = 1, TopK = 400 }), 0.1, 0.4, 0.2, 0.3);
    }

    [Fact]
    public void A_tie_at_the_border_of_top_k_is_decided_for_the_lower_id()
    {
        using var model = ChainModel.Constant(Logs(0.2, 0.2, 0.4, 0.2));

        Matches(Frequencies(model, new() { Temperature = 1, TopK = 2 }), 1 / 3d, 0, 2 / 3d, 0);
    }

    [Fact]
    public void Top_p_keeps_the_fewest_most_likely_that_reach_p()
    {
        using var model = ChainModel.Constant(Logs(0.125, 0.5, 0.125, 0.25));

        Matches(Frequencies(model, new() { Temperature = 1, TopP = 0.7 }), 0, 2 / 3d, 0, 1 / 3d);
        Matches(Frequencies(model, new() { Temperature = 1, TopP = 0.8 }), 1 / 7d, 4 / 7d, 0, 2 / 7d); // the tie at the border goes to the lower id
        Matches(Frequencies(model, new() { Temperature = 1, TopP = 1 }), 0.125, 0.5, 0.125, 0.25);
    }

    [Fact]
    public void A_top_p_below_the_largest_probability_leaves_that_one_token()
    {
        using var model = ChainModel.Constant(Logs(0.3, 0.3, 0.4));

        Frequencies(model, new() { Temperature = 1, TopP = 1e-12 }, 100).Should().Equal(0, 0, 1);
        Frequencies(model, new() { Temperature = 100, TopP = double.Epsilon }, 100).Should().Equal(0, 0, 1);
    }

    [Fact]
    public void Top_p_counts_in_what_temperature_and_top_k_left()
    {
        using var model = ChainModel.Constant(Logs(0.4, 0.3, 0.2, 0.1));

        // Of the first three, 4/9 + 3/9 reach 0.75; of all four, 0.4 + 0.3 would not.
        Matches(Frequencies(model, new() { Temperature = 1, TopK = 3, TopP = 0.75 }), 4 / 7d, 3 / 7d, 0, 0);
    }

    [Fact]
    public void A_token_with_the_logit_minus_infinity_is_never_drawn()
    {
        using var model = ChainModel.Constant(float.NegativeInfinity, 0, 0, float.NegativeInfinity);

        Matches(Frequencies(model, new() { Temperature = 1 }), 0, 0.5, 0.5, 0);
        Matches(Frequencies(model, new() { Temperature = 1, TopK = 3 }), 0, 0.5, 0.5, 0);
        Matches(Frequencies(model, new() { Temperature = 1, TopP = 0.999 }), 0, 0.5, 0.5, 0);
    }

    [Fact]
    public void The_nucleus_is_that_of_a_full_sort()
    {
        var choices = Gen.Choose(1, 60).Zip(Gen.Choose(1, 999)).Zip(Gen.Choose(0, int.MaxValue)).ToArbitrary();

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(100), Prop.ForAll(choices, choice =>
        {
            var ((vocabulary, thousandths), seed) = choice;
            var random = new CoMiGS.Parameters.SeededRandom(seed);
            var logits = new float[vocabulary];
            for (var i = 0; i < vocabulary; i++)
            {
                logits[i] = random.NextInt64(8); // ties are frequent
            }

            var topP = (thousandths + 0.5) / 1000; // never the sum of a prefix, which rounding would decide
            var total = logits.Sum(z => Math.Exp(z));
            var reached = 0.0;
            var nucleus = Enumerable.Range(0, vocabulary).OrderByDescending(i => logits[i]).ThenBy(i => i).TakeWhile(i =>
            {
                var wanted = reached < topP;
                reached += Math.Exp(logits[i]) / total;
                return wanted;
            }).ToHashSet();
            using var model = ChainModel.Constant(logits);

            var frequencies = Frequencies(model, new() { Temperature = 1, TopP = topP, Seed = seed }, 300);

            for (var id = 0; id < vocabulary; id++)
            {
                (frequencies[id] == 0 || nucleus.Contains(id)).Should().BeTrue("token {0} lies outside of what makes up {1}", id, topP);
            }

            frequencies[nucleus.First()].Should().BeGreaterThan(0);
        }));
    }

    [Fact]
    public void Logits_that_are_not_numbers_are_reported_with_the_token()
    {
        using var model = ChainModel.Constant(0, float.NaN, 0);
        using var hopeless = ChainModel.Constant(float.NegativeInfinity, float.NegativeInfinity);

        new TokenGenerator(model).Invoking(g => g.Generate([0])).Should().Throw<InvalidOperationException>().WithMessage("*token 1 the logit NaN*");
        new TokenGenerator(hopeless).Invoking(g => g.Generate([0])).Should().Throw<InvalidOperationException>().WithMessage("*-Infinity*");
    }

    private static float[] Logs(params double[] probabilities) => [.. probabilities.Select(p => (float)Math.Log(p))];

    /// <summary>Shares of the tokens among the first ones of many rows.</summary>
    private static double[] Frequencies(ChainModel model, GenerationOptions options, int draws = Draws)
    {
        options.MaximumTokens = 1;
        var counts = new double[model.VocabularySize];
        foreach (var row in new TokenGenerator(model).Generate([.. Enumerable.Repeat<IReadOnlyList<int>>([0], draws)], options))
        {
            counts[row.Tokens[0]]++;
        }

        return [.. counts.Select(c => c / draws)];
    }

    /// <summary>Within five standard deviations, and never where nothing is allowed.</summary>
    private static void Matches(double[] frequencies, params double[] probabilities)
    {
        frequencies.Should().HaveCount(probabilities.Length);
        for (var i = 0; i < probabilities.Length; i++)
        {
            var p = probabilities[i];
            frequencies[i].Should().BeApproximately(p, 5 * Math.Sqrt(p * (1 - p) / Draws), "token {0} has the probability {1}", i, p);
        }
    }
}
