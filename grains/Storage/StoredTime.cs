namespace Sweep.Grains.Storage;

/// <summary>Timestamps as stored: milliseconds since 1970, UTC.</summary>
internal static class StoredTime
{
    /// <summary>Reads a timestamp. One out of range, in a damaged row, is clamped: a single row must not make the others unreadable.</summary>
    public static DateTimeOffset Of(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(
        Math.Clamp(milliseconds, DateTimeOffset.MinValue.ToUnixTimeMilliseconds(), DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()));
}
