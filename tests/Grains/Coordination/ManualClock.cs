namespace Sweep.Tests.Grains.Coordination;

/// <summary>A clock that stands until it is advanced.</summary>
internal sealed class ManualClock : TimeProvider
{
    private long _now = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(Interlocked.Read(ref _now));

    public void Advance(TimeSpan by) => Interlocked.Add(ref _now, (long)by.TotalMilliseconds);
}
