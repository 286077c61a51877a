using System.Runtime.InteropServices;

namespace Sweep.Bench.Cpu;

/// <summary>
/// The calling thread's processor time: what other programs on the machine take doesn't count, so a shared machine disturbs less than with a wall clock.
/// </summary>
internal sealed partial class ThreadClock : TimeProvider
{
    private const int ThreadCpuTime = 3;

    public override long TimestampFrequency => 1_000_000_000;

    public override long GetTimestamp()
    {
        _ = ReadClock(ThreadCpuTime, out var time);
        return (time.Seconds * TimestampFrequency) + time.Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ReadClock(int clock, out TimeSpecification time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpecification
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
