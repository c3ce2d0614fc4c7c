namespace CoMiGS.Checkpoints;

/// <summary>Writes a checkpoint into several files with an index, in Hugging Face's layout; the index comes last, so that without it there is no checkpoint.</summary>
internal static class SafetensorsSharding
{
    public static void Write(string folder, IReadOnlyList<SafetensorsSource> tensors, long maximumShardBytes, IReadOnlyDictionary<string, string>? metadata)
    {
        RefuseCheckpoint(folder);
        var shards = Split(tensors, maximumShardBytes);
        if (shards.Count == 1)
        {
            SafetensorsWriter.Write(Path.Combine(folder, SafetensorsReader.SingleFile), shards[0], metadata);
            return;
        }

        var weightMap = new Dictionary<string, string>();
        var written = new List<string>();
        try
        {
            for (var i = 0; i < shards.Count; i++)
            {
                var file = $"model-{i + 1:D5}-of-{shards.Count:D5}.safetensors";
                written.Add(Path.Combine(folder, file));
                SafetensorsWriter.Write(written[^1], shards[i], metadata);
                shards[i].ForEach(tensor => weightMap.Add(tensor.Name, file));
            }

            SafetensorsIndex.Write(Path.Combine(folder, SafetensorsIndex.FileName), weightMap, tensors.Sum(tensor => tensor.ByteLength));
        }
        catch
        {
            written.ForEach(File.Delete);
            throw;
        }
    }

    private static List<List<SafetensorsSource>> Split(IEnumerable<SafetensorsSource> tensors, long maximumShardBytes)
    {
        List<List<SafetensorsSource>> shards = [[]];
        long bytes = 0;
        foreach (var tensor in tensors)
        {
            if (bytes > 0 && tensor.ByteLength > maximumShardBytes - bytes)
            {
                shards.Add([]);
                bytes = 0;
            }

            shards[^1].Add(tensor);
            bytes += tensor.ByteLength;
        }

        return shards;
    }

    private static void RefuseCheckpoint(string folder)
    {
        var there = Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "model*.safetensors*").Select(Path.GetFileName).FirstOrDefault(file => !file!.StartsWith('.'))
            : null;
        if (there is not null)
        {
            throw new IOException($"The folder '{folder}' holds a checkpoint already ('{there}'). Choose another folder, or delete the checkpoint first.");
        }
    }
}
