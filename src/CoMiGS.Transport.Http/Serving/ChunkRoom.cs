using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace CoMiGS.Transport.Http.Serving;

/// <summary>Room for the chunks of one connection that are in memory: two, whatever uploads they are of. What else it sends is not read meanwhile.</summary>
internal static class ChunkRoom
{
    private const int ChunksInMemory = 2;
    private static readonly Lock Guard = new();
    private static readonly object Key = new();

    public static SemaphoreSlim New() => new(ChunksInMemory);

    /// <returns>The connection's room; null where the server does not tell connections apart.</returns>
    public static SemaphoreSlim? Of(HttpContext context)
    {
        if (context.Features.Get<IConnectionItemsFeature>() is not { } connection)
        {
            return null;
        }

        lock (Guard) // requests of one connection come at once, and its items are made for one at a time
        {
            var items = connection.Items;
            if (!items.TryGetValue(Key, out var room))
            {
                room = New();
                items[Key] = room;
            }

            return (SemaphoreSlim)room!;
        }
    }
}
