namespace CoMiGS.Transport.Storage;

/// <summary>Something that happened in a run.</summary>
/// <param name="Number">Counted from 1 within the run.</param>
/// <param name="Content">What happened, as the coordinator writes it.</param>
public sealed record RunRecord(long Number, ReadOnlyMemory<byte> Content);
