namespace Sweep.Grains.Orleans.Transactions;

/// <summary>What an operation on the store may have changed, and so who has to read again.</summary>
internal enum ChangeReach
{
    /// <summary>Nothing that a queue holds.</summary>
    None,

    /// <summary>One trial.</summary>
    Trial,

    /// <summary>Trials of this sweep.</summary>
    Sweep,

    /// <summary>Trials of any sweep.</summary>
    Store,
}
