namespace CoMiGS.Demo.Text;

/// <summary>All the text of a run.</summary>
/// <param name="Title">The scenario in a few words.</param>
/// <param name="Base">English text that the base model is trained on before anybody fine-tunes it.</param>
/// <param name="Users">The devices.</param>
public sealed record DemoText(string Title, string Base, IReadOnlyList<UserText> Users)
{
    /// <summary>Refuses text that is too short to train on or to measure with.</summary>
    /// <exception cref="DemoException">A user's split, or the base text, is shorter than one window.</exception>
    public void RequireWindows(int window)
    {
        foreach (var user in Users)
        {
            user.RequireWindows(window);
        }
    }
}
