namespace Sweep.Grains.Orleans.Ledger;

/// <summary>One call that waits for the sweep's next transaction, and its answer.</summary>
internal abstract class LedgerOperation
{
    /// <summary>Whether its answer means that the disk has it.</summary>
    public abstract bool Durable { get; }

    /// <summary>Its part of the transaction is committed: answers.</summary>
    public abstract void Committed();

    public abstract void Fail(Exception exception);
}
