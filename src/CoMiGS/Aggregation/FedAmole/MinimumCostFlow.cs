namespace CoMiGS.Aggregation.FedAmole;

/// <summary>
/// The cheapest flow of a given amount through a network, by successive shortest paths with potentials (Ahuja, Magnanti, Orlin: Network Flows, section 9.7). Whole numbers throughout, so the
/// result is exact; equal inputs give equal flows, for among equally short paths the one that is found first, by the numbers of its nodes, is taken.
/// </summary>
/// <param name="nodes">How many nodes, counted from 0.</param>
internal sealed class MinimumCostFlow(int nodes)
{
    private static readonly Int128 Unreached = Int128.MaxValue;

    private readonly List<(int To, Int128 Cost)> _edges = []; // edge e and its reverse e ^ 1
    private readonly List<int> _room = [];
    private readonly List<int>[] _from = [.. Enumerable.Range(0, nodes).Select(_ => new List<int>())];
    private readonly Int128[] _potential = new Int128[nodes];

    /// <summary>Adds an edge.</summary>
    /// <param name="from">A node.</param>
    /// <param name="to">Another one.</param>
    /// <param name="room">How much can flow.</param>
    /// <param name="cost">What a unit of it costs; not negative.</param>
    /// <returns>The number of the edge.</returns>
    public int Add(int from, int to, int room, Int128 cost)
    {
        var edge = _edges.Count;
        _from[from].Add(edge);
        _from[to].Add(edge + 1);
        _edges.Add((to, cost));
        _edges.Add((from, -cost));
        _room.AddRange([room, 0]);
        return edge;
    }

    /// <summary>How much flows through an edge.</summary>
    /// <param name="edge">Its number.</param>
    public int Flow(int edge) => _room[edge ^ 1];

    /// <summary>Sends units from one node to another, at the least cost of all.</summary>
    /// <param name="source">Where from.</param>
    /// <param name="sink">Where to.</param>
    /// <param name="amount">How many.</param>
    /// <returns>How many there was room for.</returns>
    public int Send(int source, int sink, int amount)
    {
        for (var sent = 0; sent < amount; sent++)
        {
            if (ShortestPath(source, sink) is not { } path)
            {
                return sent;
            }

            for (var node = sink; node != source; node = _edges[path[node] ^ 1].To)
            {
                _room[path[node]]--;
                _room[path[node] ^ 1]++;
            }
        }

        return amount;
    }

    /// <summary>Dijkstra for dense networks, on costs that the potentials keep from being negative.</summary>
    /// <returns>The edge by which every node is reached; null if the sink is not.</returns>
    private int[]? ShortestPath(int source, int sink)
    {
        var (by, done) = (new int[nodes], new bool[nodes]);
        var distance = Enumerable.Repeat(Unreached, nodes).ToArray();
        distance[source] = 0;
        while (Nearest(distance, done) is { } node)
        {
            done[node] = true;
            foreach (var edge in _from[node].Where(edge => _room[edge] > 0))
            {
                var (to, cost) = _edges[edge];
                var reached = distance[node] + cost + _potential[node] - _potential[to];
                if (reached < distance[to])
                {
                    (distance[to], by[to]) = (reached, edge);
                }
            }
        }

        if (!done[sink])
        {
            return null;
        }

        for (var node = 0; node < nodes; node++)
        {
            _potential[node] += Int128.Min(distance[node], distance[sink]);
        }

        return by;
    }

    private static int? Nearest(Int128[] distance, bool[] done)
    {
        int? nearest = null;
        for (var node = 0; node < distance.Length; node++)
        {
            if (!done[node] && distance[node] < (nearest is { } best ? distance[best] : Unreached))
            {
                nearest = node;
            }
        }

        return nearest;
    }
}
