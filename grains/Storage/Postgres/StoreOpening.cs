namespace Sweep.Grains.Storage.Postgres;

/// <summary>What opening a store may change.</summary>
public enum StoreOpening
{
    /// <summary>Nothing: it must be there, and of this version.</summary>
    Existing,

    /// <summary>A missing store is made.</summary>
    Create,
}
