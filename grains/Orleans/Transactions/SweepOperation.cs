namespace Sweep.Grains.Orleans.Transactions;

/// <summary>One call that waits for the sweep's next transaction, and its answer.</summary>
internal abstract class SweepOperation
{
    /// <summary>Whether its answer means that the disk has it.</summary>
    public abstract bool Durable { get; }

    /// <summary>Its part of the transaction is committed: answers.</summary>
    public abstract void Committed();

    public abstract void Fail(Exception exception);
}
