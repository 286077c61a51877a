namespace Sweep.Grains.Orleans.Ledger;

/// <summary>The store's rows are not as the ledger has them: another activation, another engine or an operator has changed them.</summary>
internal sealed class LedgerRefusedException : Exception
{
    public LedgerRefusedException()
        : base("the store has other rows than the ledger")
    {
    }

    public LedgerRefusedException(string message)
        : base(message)
    {
    }

    public LedgerRefusedException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
