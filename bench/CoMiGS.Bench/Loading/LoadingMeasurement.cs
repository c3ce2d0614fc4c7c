using System.Diagnostics;
using System.Runtime.InteropServices;
using CoMiGS.Bench.Harness;
using static TorchSharp.torch;

namespace CoMiGS.Bench.Loading;

/// <summary>Loads a checkpoint once and looks at the clock and at the resident memory of this process.</summary>
public static class LoadingMeasurement
{
    /// <summary>The command of a child process that measures.</summary>
    public const string Command = "loading-case";

    private const int Window = 16 << 20;

    /// <summary>Measures one way to load a checkpoint in a process of its own.</summary>
    public static LoadingFigures InChild(SyntheticCheckpoint checkpoint, LoadedAs into, ScalarType? type) => ChildProcess.Run<LoadingFigures>(Command, new LoadingCase(checkpoint.Folder, into, type));

    /// <summary>Warms up on a tiny checkpoint of the same layout, then measures, then reads the same bytes into a buffer.</summary>
    public static LoadingFigures Run(LoadingCase of)
    {
        WarmUp(of);
        _ = ReadPlainly(of.Folder); // from here on the files are in the system's cache
        ResidentMemory.Collect();
        var before = ResidentMemory.Now;
        ResidentMemory.ResetPeak();
        var clock = Stopwatch.StartNew();
        var loaded = of.Load();
        var seconds = clock.Elapsed.TotalSeconds;
        var (peak, after) = (ResidentMemory.Peak, ResidentMemory.Now);
        loaded.Dispose();
        return new(SyntheticCheckpoint.Files(of.Folder).Sum(file => new FileInfo(file).Length), before, peak, after, seconds, ReadPlainly(of.Folder));
    }

    private static void WarmUp(LoadingCase of)
    {
        var parent = Directory.CreateTempSubdirectory("comigs").FullName;
        try
        {
            foreach (var shape in CheckpointShapes.Tiny)
            {
                using var tiny = new SyntheticCheckpoint(parent, shape);
                using var loaded = (of with { Folder = tiny.Folder }).Load();
            }
        }
        finally
        {
            Directory.Delete(parent, recursive: true);
        }
    }

    /// <summary>Seconds to read all files of weights into memory that is taken for it.</summary>
    private static unsafe double ReadPlainly(string folder)
    {
        var clock = Stopwatch.StartNew();
        foreach (var file in SyntheticCheckpoint.Files(folder))
        {
            using var handle = File.OpenHandle(file);
            var bytes = RandomAccess.GetLength(handle);
            var buffer = (byte*)NativeMemory.Alloc((nuint)bytes);
            try
            {
                for (long done = 0, read; done < bytes; done += read)
                {
                    read = RandomAccess.Read(handle, new Span<byte>(buffer + done, (int)Math.Min(Window, bytes - done)), done);
                    if (read == 0)
                    {
                        throw new EndOfStreamException($"'{file}' became shorter while it was read.");
                    }
                }
            }
            finally
            {
                NativeMemory.Free(buffer);
            }
        }

        return clock.Elapsed.TotalSeconds;
    }
}
