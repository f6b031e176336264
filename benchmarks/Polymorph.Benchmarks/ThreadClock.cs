using System.Runtime.InteropServices;

namespace Polymorph.Benchmarks;

/// <summary>Processor time of the calling thread, which other work on the machine does not lengthen. Linux.</summary>
internal static partial class ThreadClock
{
    private const int ThreadCpuTime = 3;

    public static double Seconds
    {
        get
        {
            _ = GetTime(ThreadCpuTime, out var time);
            return time.Seconds + 1e-9 * time.Nanoseconds;
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeSpecification time);

    private struct TimeSpecification
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
