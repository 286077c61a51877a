using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Sweep.Silo.Telemetry;

/// <summary>
/// The trace context of a sweep that was launched in none, to which the traces of its attempts are linked. It is a function of the sweep's id, so that every
/// process has it that has a lease.
/// </summary>
public static class SweepTrace
{
    /// <summary>The first 16 bytes of SHA-256 of <c>sweep </c> and the id are the trace's id, the next 8 the span's.</summary>
    public static ActivityContext Of(string sweepId)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"sweep {sweepId}"));

        // All zeros mean "none" to W3C trace context.
        if (BinaryPrimitives.ReadUInt64LittleEndian(hash.AsSpan(16)) == 0)
            hash[16] = 1;
        return new ActivityContext(
            ActivityTraceId.CreateFromBytes(hash.AsSpan(0, 16)), ActivitySpanId.CreateFromBytes(hash.AsSpan(16, 8)), ActivityTraceFlags.Recorded,
                isRemote: true);
    }
}
