using System.Diagnostics;
using System.Globalization;
using CoMiGS.Aggregation.ServerOptimizer;
using CoMiGS.Storage.TestKit;

namespace CoMiGS.Storage.Sqlite.Tests;

/// <summary>Leads a run from a SQLite file and prints its end: started as a process of its own, which is struck by SIGKILL before or after a record.</summary>
internal static class KilledProgram
{
    /// <param name="arguments">The file, the record (0 for none), and <c>before</c> or <c>after</c>.</param>
    public static async Task<int> Main(string[] arguments)
    {
        if (arguments is not [var file, var record, var when])
        {
            Console.Error.WriteLine("Three arguments are needed: FILE RECORD before|after.");
            return 2;
        }

        var last = int.Parse(record, CultureInfo.InvariantCulture);
        var store = new FragileStore(new SqliteRoundStore(file), (appends, written) =>
        {
            if (appends == last && written == (when == "after"))
            {
                using var self = Process.GetCurrentProcess();
                self.Kill(); // SIGKILL
                self.WaitForExit();
            }
        });
        Console.WriteLine(Text(await new KitFleet(() => new ServerOptimizerStrategy(ServerMethod.Adam)).LeadAsync(() => store)));
        return 0;
    }

    /// <summary>Numbers to the last bit.</summary>
    public static string Text(IEnumerable<float> numbers) => string.Join(' ', numbers.Select(number => number.ToString("R", CultureInfo.InvariantCulture)));
}
