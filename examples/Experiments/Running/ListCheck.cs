using CoMiGS.Demo;
using CoMiGS.Experiments.Configuration;

namespace CoMiGS.Experiments.Running;

/// <summary>Holds the lists of the methods, the devices that they need and the rounds that they take against the data sets.</summary>
internal static class ListCheck
{
    /// <exception cref="DemoException">A list has neither one number nor one for each user, or there are too few users for an aggregation or rounds for a method; all of them are named.</exception>
    public static void Require(IReadOnlyList<MethodSpec> methods, IReadOnlyList<DataSet> data, BudgetSpec budget)
    {
        List<string> mistakes = [.. Lists(methods, data), .. Devices(methods, data), .. Rounds(methods, data, budget)];
        if (mistakes.Count > 0)
        {
            throw new DemoException(string.Join(Environment.NewLine, mistakes));
        }
    }

    private static IEnumerable<string> Lists(IReadOnlyList<MethodSpec> methods, IReadOnlyList<DataSet> data) =>
        from method in methods
        from list in new[] { (Name: "rank", method.Ranks.Count), (Name: "specialists", method.Specialists.Count) }
        from set in data
        where list.Count != 1 && list.Count != set.Users.Count
        select $"{method.Name}: {list.Name} has {list.Count} numbers, but {set.Name} has {set.Users.Count} users. Give one number for all, or one for each.";

    private static IEnumerable<string> Devices(IReadOnlyList<MethodSpec> methods, IReadOnlyList<DataSet> data) =>
        from method in methods
        from set in data
        where set.Users.Count < method.FewestDevices
        select $"{method.Name}: {method.Aggregation} needs {method.FewestDevices} devices or more where liars is {method.LiarsAmong(set.Users.Count)}, but {set.Name} has {set.Users.Count} users. Use fewer liars, or another aggregation.";

    private static IEnumerable<string> Rounds(IReadOnlyList<MethodSpec> methods, IReadOnlyList<DataSet> data, BudgetSpec budget) =>
        from method in methods
        from set in data
        let rounds = set.Rounds ?? budget.Rounds
        where method.WarmUpRounds >= rounds
        select $"{method.Name}: warm_up_rounds is {method.WarmUpRounds}, but {set.Name} has {rounds} rounds, so that specialists and routers would not learn. Use fewer.";
}
