namespace Sweep.Grains.Storage;

/// <summary>
/// Digests of what a submission stores: a row that has changed by itself since (a flipped bit, tampering) is recognised when it is read.
/// They are no defence against deliberate tampering, which would rewrite the digest too.
/// </summary>
internal static class RowDigest
{
    public static byte[] OfSweep(string id, string name, string resolved, string source)
    {
        using DigestBuilder digest = new("sweep 1");
        return digest.Add(id).Add(name).Add(resolved).Add(source).Finish();
    }

    /// <param name="spec">As stored.</param>
    public static byte[] OfTrial(long ordinal, string id, string spec)
    {
        using DigestBuilder digest = new("trial 1");
        return digest.Add(ordinal).Add(id).Add(spec).Finish();
    }
}
