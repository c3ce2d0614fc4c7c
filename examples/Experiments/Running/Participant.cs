using CoMiGS.Data;
using CoMiGS.Demo.Text;
using CoMiGS.Experiments.Configuration;

namespace CoMiGS.Experiments.Running;

/// <summary>A device of a cell.</summary>
/// <param name="Name">Its name in the federation.</param>
/// <param name="Data">What it learns from.</param>
/// <param name="Tested">The users whose test text it is measured on.</param>
/// <param name="Rank">LoRA rank.</param>
/// <param name="Specialists">Specialists per block.</param>
/// <param name="Passes">Forward passes per step: as many as users whose text it learns from, so that all methods see as many tokens.</param>
internal sealed record Participant(string Name, DeviceData Data, IReadOnlyList<UserText> Tested, int Rank, int Specialists, int Passes)
{
    public static IReadOnlyList<Participant> Of(Cell cell)
    {
        var users = cell.Data.Users;
        return cell.Method.Pooled
            ? [Of(cell, 0, "all", users)]
            : [.. users.Select((user, index) => Of(cell, index, user.Name, [user]))];
    }

    private static Participant Of(Cell cell, int index, string name, IReadOnlyList<UserText> users)
    {
        var train = Join(users, user => user.Train, $"{name}/train");
        var valid = cell.Method.RouterData == RouterData.Train ? train : Join(users, user => user.Valid, $"{name}/valid");
        return new Participant(name, new DeviceData(train, valid), users, cell.Method.RankOf(index), cell.Method.SpecialistsOf(index), users.Count);
    }

    private static TextBytes Join(IReadOnlyList<UserText> users, Func<UserText, string> split, string name) => TextBytes.From(string.Join('\n', users.Select(split)), name);
}
