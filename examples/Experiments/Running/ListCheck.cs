using CoMiGS.Demo;
using CoMiGS.Experiments.Configuration;

namespace CoMiGS.Experiments.Running;

/// <summary>Holds the lists of the methods against the users of the data sets.</summary>
internal static class ListCheck
{
    /// <exception cref="DemoException">A list has neither one number nor one for each user; all of them are named.</exception>
    public static void Require(IReadOnlyList<MethodSpec> methods, IReadOnlyList<DataSet> data)
    {
        var mistakes =
            (from method in methods
             from list in new[] { (Name: "rank", method.Ranks.Count), (Name: "specialists", method.Specialists.Count) }
             from set in data
             where list.Count != 1 && list.Count != set.Users.Count
             select $"{method.Name}: {list.Name} has {list.Count} numbers, but {set.Name} has {set.Users.Count} users. Give one number for all, or one for each.").ToList();
        if (mistakes.Count > 0)
        {
            throw new DemoException(string.Join(Environment.NewLine, mistakes));
        }
    }
}
