using CoMiGS.Demo.CommandLine;

namespace CoMiGS.Experiments.Configuration;

/// <summary>A data set.</summary>
/// <param name="Name">The name in tables.</param>
/// <param name="Folder">A folder with <c>user*/{train,valid,test}.txt</c>; null for messages of the installed SDK.</param>
/// <param name="Scenario">Which of the SDK's messages, where there is no folder.</param>
/// <param name="TrainKilobytes">The most training text per user in units of 1,000 bytes, one number or one for each; null for all.</param>
/// <param name="TestKilobytes">The most test text per user; null for all.</param>
/// <param name="Mixed">Whether routers learn from a mix of everybody's validation text and the test is a mix, too.</param>
/// <param name="Rounds">Rounds on this data set; null for the budget's.</param>
public sealed record DataSpec(string Name, string? Folder, Scenario Scenario, IReadOnlyList<int>? TrainKilobytes, int? TestKilobytes, bool Mixed, int? Rounds = null);
