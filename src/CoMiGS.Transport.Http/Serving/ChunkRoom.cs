using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace CoMiGS.Transport.Http.Serving;

/// <summary>
/// Room for the chunks of a device on one connection that are in memory: two, whatever uploads they are of. What else it sends there is not read meanwhile. Devices behind one proxy share its
/// connection, and not this room.
/// </summary>
internal static class ChunkRoom
{
    private const int ChunksInMemory = 2;
    private static readonly Lock Guard = new();

    public static SemaphoreSlim New() => new(ChunksInMemory);

    /// <returns>The room; null where the server does not tell connections apart.</returns>
    public static SemaphoreSlim? Of(HttpContext context, Visitor visitor)
    {
        if (context.Features.Get<IConnectionItemsFeature>() is not { } connection)
        {
            return null;
        }

        lock (Guard) // requests of one connection come at once, and its items are made for one at a time
        {
            var items = connection.Items;
            var key = (nameof(ChunkRoom), visitor.Device);
            if (!items.TryGetValue(key, out var room))
            {
                room = New();
                items[key] = room;
            }

            return (SemaphoreSlim)room!;
        }
    }
}
