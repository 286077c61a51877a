namespace Sweep.Grains.Storage;

/// <summary>
/// A result's digest: 32 bytes over the trial's id, the attempt, device, notes, metrics and the digests of its curves, which follow, 16 bytes each in
/// the order of their names. So a reader that needs one curve checks it, and all but the other curves, without reading those.
/// </summary>
internal static class ResultDigest
{
    private const int HeadBytes = 32, CurveBytes = 16;

    /// <param name="trialId">Whose result it is: a row can't pass for another trial's.</param>
    /// <param name="attempt">The attempt that made it.</param>
    /// <param name="content">With the points of all curves.</param>
    public static byte[] Of(string trialId, long attempt, ResultContent content)
    {
        StoredCurve[] curves = Sorted(content);
        byte[] digest = new byte[HeadBytes + (CurveBytes * curves.Length)];
        for (int i = 0; i < curves.Length; i++)
            OfCurve(trialId, curves[i]).CopyTo(digest.AsSpan(HeadBytes + (CurveBytes * i)));
        Head(trialId, attempt, content, curves, digest.AsSpan(HeadBytes)).CopyTo(digest.AsSpan());
        return digest;
    }

    /// <summary>What has changed since a result was written; null where nothing has, in what was read of it.</summary>
    public static string? Problem(string trialId, long attempt, ResultContent content, ReadOnlySpan<byte> digest)
    {
        StoredCurve[] curves = Sorted(content);
        if (digest.Length != HeadBytes + (CurveBytes * curves.Length))
            return $"{curves.Length} curves and a digest of {digest.Length} bytes";
        if (!Head(trialId, attempt, content, curves, digest[HeadBytes..]).AsSpan().SequenceEqual(digest[..HeadBytes]))
            return "its metrics, notes or curves' names are not those that were stored";
        for (int i = 0; i < curves.Length; i++)
        {
            if (curves[i].Points is not null && !digest.Slice(HeadBytes + (CurveBytes * i), CurveBytes).SequenceEqual(OfCurve(trialId, curves[i])))
                return $"its curve {curves[i].Name} is not the one that was stored";
        }

        return null;
    }

    private static StoredCurve[] Sorted(ResultContent content) => [.. content.Curves.OrderBy(c => c.Name, StringComparer.Ordinal)];

    private static byte[] Head(string trialId, long attempt, ResultContent content, StoredCurve[] curves, ReadOnlySpan<byte> curveDigests)
    {
        using DigestBuilder digest = new("result 1");
        digest.Add(trialId).Add(attempt).Add(content.Device).Add(content.Notes).Add(content.Metrics.Count);
        foreach (StoredMetric metric in content.Metrics.OrderBy(m => m.Name, StringComparer.Ordinal))
            digest.Add(metric.Name).Add(metric.Value).Add(metric.TruthLevel).Add(metric.Reason);
        foreach (StoredCurve curve in curves)
            digest.Add(curve.Name);
        return digest.Add(curveDigests).Finish();
    }

    private static ReadOnlySpan<byte> OfCurve(string trialId, StoredCurve curve)
    {
        using DigestBuilder digest = new("curve 1");
        return digest.Add(trialId).Add(curve.Name).Add(curve.Points!).Finish().AsSpan(0, CurveBytes);
    }
}
