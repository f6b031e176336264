using System.Runtime.InteropServices;

namespace Polymorph.Benchmarks;

/// <summary>Processor time, which other work on the machine does not lengthen: of the calling thread, and of programs that this one started. Linux.</summary>
internal static partial class ThreadClock
{
    private const int ThreadCpuTime = 3;
    private const int Children = -1;

    /// <summary>Of the calling thread.</summary>
    public static double Seconds
    {
        get
        {
            _ = GetTime(ThreadCpuTime, out var time);
            return time.Seconds + 1e-9 * time.Nanoseconds;
        }
    }

    /// <summary>Of all started programs that have ended.</summary>
    public static double EndedChildrenSeconds
    {
        get
        {
            _ = GetUsage(Children, out var usage);
            return usage.User.Seconds + usage.System.Seconds + 1e-6 * (usage.User.Microseconds + usage.System.Microseconds);
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeSpecification time);

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int GetUsage(int who, out Usage usage);

    private struct TimeSpecification
    {
        public long Seconds;
        public long Nanoseconds;
    }

    private struct TimeValue
    {
        public long Seconds;
        public long Microseconds;
    }

    // The two times and fourteen counts that nobody asks for.
    [StructLayout(LayoutKind.Sequential, Size = 144)]
    private struct Usage
    {
        public TimeValue User;
        public TimeValue System;
    }
}
