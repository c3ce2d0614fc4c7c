namespace CoMiGS.Data;

/// <summary>Where a trainer gets its batches from, one after another without end.</summary>
/// <remarks>Equal cursors must give equal batches, so that training can be resumed from a number.</remarks>
public interface IBatchSource
{
    /// <summary>Number of the next batch.</summary>
    long Cursor { get; set; }

    /// <summary>The next batch, in the current dispose scope; moves the cursor on by one.</summary>
    TokenBatch NextBatch();
}
