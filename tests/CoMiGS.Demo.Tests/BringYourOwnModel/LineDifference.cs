namespace CoMiGS.Demo.Tests.BringYourOwnModel;

/// <summary>The lines in which two texts differ, by their longest common subsequence, as <c>diff</c> shows them.</summary>
internal static class LineDifference
{
    public static (IReadOnlyList<string> Removed, IReadOnlyList<string> Added) Of(string[] before, string[] after)
    {
        var common = new int[before.Length + 1, after.Length + 1]; // of the lines from here on
        for (var i = before.Length - 1; i >= 0; i--)
        {
            for (var j = after.Length - 1; j >= 0; j--)
            {
                common[i, j] = before[i] == after[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        var (removed, added) = (new List<string>(), new List<string>());
        for (int i = 0, j = 0; i < before.Length || j < after.Length;)
        {
            if (i < before.Length && j < after.Length && before[i] == after[j])
            {
                i++;
                j++;
            }
            else if (j == after.Length || (i < before.Length && common[i + 1, j] >= common[i, j + 1]))
            {
                removed.Add(before[i++]);
            }
            else
            {
                added.Add(after[j++]);
            }
        }

        return (removed, added);
    }
}
