namespace CoMiGS.Federation;

/// <content>What can be seen of it.</content>
public sealed partial class RoundMachine
{
    /// <summary>How many entries its journal has had; grows with every one that is written.</summary>
    internal long Entries => _journal.Last;

    /// <summary>Why the last call could not begin or end a round, though its store works: the strategy failed. Null while all is well.</summary>
    internal Exception? Failure { get; private set; }

    /// <summary>Where the run stands.</summary>
    /// <param name="trouble">What is wrong with the store, which its owner knows.</param>
    /// <returns>A copy: it does not change with the machine.</returns>
    public RunStatus Status(StoreTrouble? trouble = null)
    {
        var devices = new SortedDictionary<string, DeviceState>(StringComparer.Ordinal);
        foreach (var (name, state) in (_open?.States() ?? _last.States()).Concat(_waiting.Keys.Select(name => new DeviceStatus(name, DeviceState.Waiting))))
        {
            devices[name] = state;
        }

        return new RunStatus(
            _options.Run,
            _options.Count,
            RoundsDone,
            Version,
            _open?.Number,
            _open is { } open ? open.Deadline : GatheringDeadline,
            _open?.Unanswered ?? Math.Max(0, Target - _waiting.Count),
            _open?.Members ?? Target,
            [.. devices.Select(device => new DeviceStatus(device.Key, device.Value))],
            trouble);
    }
}
