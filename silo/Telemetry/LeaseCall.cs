namespace Sweep.Silo.Telemetry;

/// <summary>The call of the store that gave a lease, which was over before there was an attempt to trace.</summary>
internal sealed record LeaseCall(DateTimeOffset Began, DateTimeOffset Ended);
