namespace Sweep.Grains.Storage.Guarded;

/// <summary>The store's rows are not as the sweep's grain has them: another activation, or an operator, has changed them.</summary>
internal sealed class RowsChangedException : Exception
{
    public RowsChangedException()
        : base("the store has other rows than the sweep's grain")
    {
    }

    public RowsChangedException(string message)
        : base(message)
    {
    }

    public RowsChangedException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
