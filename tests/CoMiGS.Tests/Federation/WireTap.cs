using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;
using CoMiGS.Federation;
using CoMiGS.Layers;
using CoMiGS.Parameters;

namespace CoMiGS.Tests.Federation;

/// <summary>Keeps every byte between devices and coordinator, and every name and number that must not be among them.</summary>
internal sealed class WireTap
{
    private readonly ConcurrentQueue<byte[]> _messages = [];
    private readonly ConcurrentDictionary<string, bool> _privateNames = [];
    private readonly ConcurrentDictionary<ulong, bool> _privateValues = [];
    private readonly ConcurrentDictionary<ulong, bool> _sharedValues = [];

    public WireTap() => Transport = new InMemoryTransport(onMessage: (_, message) => _messages.Enqueue(message.ToArray()));

    /// <summary>The wire.</summary>
    public InMemoryTransport Transport { get; }

    /// <summary>Remembers what a model holds right now.</summary>
    public void Look(MoeModel model)
    {
        foreach (var parameter in model.Parameters)
        {
            var isPrivate = parameter.Role is ParameterRole.Specialist or ParameterRole.Router;
            if (isPrivate)
            {
                _privateNames[parameter.Name] = true;
            }

            foreach (var pair in Pairs(MemoryMarshal.AsBytes<float>(parameter.Value.data<float>().ToArray())))
            {
                (isPrivate ? _privateValues : _sharedValues)[pair] = true;
            }
        }
    }

    /// <summary>Searches all messages, for numbers at every alignment.</summary>
    /// <param name="examples">Private names that must have been looked for.</param>
    public void ShouldHaveCarriedNothingPrivate(params string[] examples)
    {
        var wire = _messages.ToArray();
        _privateNames.Keys.Should().Contain(examples);
        foreach (var name in _privateNames.Keys)
        {
            wire.Any(message => message.AsSpan().IndexOf(Encoding.UTF8.GetBytes(name)) >= 0).Should().BeFalse("{0} is private", name);
        }

        var seen = wire.SelectMany(message => Enumerable.Range(0, 4).SelectMany(offset => Pairs(message.AsSpan(Math.Min(offset, message.Length))))).ToHashSet();
        seen.Where(_privateValues.ContainsKey).Should().BeEmpty();
        seen.Count(_sharedValues.ContainsKey).Should().BeGreaterThan(1000, "the same search finds what is shared");
    }

    /// <summary>Every two neighbouring numbers, as one 64-bit pattern: too long to meet by chance. Zeros say nothing.</summary>
    private static List<ulong> Pairs(ReadOnlySpan<byte> bytes)
    {
        var pairs = new List<ulong>();
        for (var i = 0; i + 8 <= bytes.Length; i += 4)
        {
            var pair = BitConverter.ToUInt64(bytes[i..]);
            if ((uint)pair != 0 && pair >> 32 != 0)
            {
                pairs.Add(pair);
            }
        }

        return pairs;
    }
}
