using System.Runtime.InteropServices;

namespace Sweep.Bench.Telemetry;

/// <summary>The processor time of the calling thread: what neighbours on the machine do to the wall clock doesn't reach it.</summary>
internal static partial class ThreadClock
{
    private const int ThreadCpuTime = 3;

    public static double Seconds => GetTime(ThreadCpuTime, out Time time) == 0 ? time.Seconds + (time.Nanoseconds * 1e-9) : throw new InvalidOperationException("clock_gettime failed");

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
