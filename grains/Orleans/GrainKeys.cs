namespace Sweep.Grains.Orleans;

/// <summary>What grains are called: the store's key first, then what they are of.</summary>
public static class GrainKeys
{
    public static string Sweep(string store, string sweepId) => $"{store}/{sweepId}";

    public static string Trial(string store, string sweepId, string trialId) => $"{store}/{sweepId}/{trialId}";

    public static string Fit(string store, string content) => $"{store}/{content}";

    /// <summary>What is before the first slash and what is after it. Neither a store's key nor a sweep's id has one.</summary>
    public static (string Store, string Of) Split(string key)
    {
        int slash = key.IndexOf('/', StringComparison.Ordinal);
        return (key[..slash], key[(slash + 1)..]);
    }
}
