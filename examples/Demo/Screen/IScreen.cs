using CoMiGS.Demo.Events;

namespace CoMiGS.Demo.Screen;

/// <summary>Shows a run while it is under way.</summary>
public interface IScreen
{
    /// <summary>Runs <paramref name="work"/>, showing what it reports. What it throws comes out unchanged.</summary>
    Task<T> WatchAsync<T>(Func<IProgress<DemoEvent>, Task<T>> work);
}
