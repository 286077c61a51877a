namespace Sweep.Grains.Orleans;

/// <summary>What grains are called: the store's key first, then what they are of.</summary>
internal static class GrainKeys
{
    public static string Sweep(string store, string sweepId) => $"{store}/{sweepId}";

    /// <summary>The store's key and the rest of it; a store's key has no slash.</summary>
    public static (string Store, string Of) Split(string key)
    {
        int slash = key.IndexOf('/', StringComparison.Ordinal);
        return (key[..slash], key[(slash + 1)..]);
    }
}
