namespace Polymorph.Learning.Kernels;

/// <summary>Runs the parts of one piece of work on several threads of the pool, without allocating.</summary>
/// <remarks>The caller works too and takes whatever parts no other thread has begun, so a busy pool delays nothing. One team serves one caller at a time.</remarks>
internal sealed class WorkTeam : IThreadPoolWorkItem
{
    // Parts beyond the threads even out the noise of other programs.
    private const int PartsPerThread = 3;

    private readonly int _threads;
    private readonly Action<int, int> _work;
    private int _next;
    private int _done;

    /// <summary>A team.</summary>
    /// <param name="threads">Number of threads, the caller included.</param>
    /// <param name="work">Receives the index of a part and the number of parts.</param>
    public WorkTeam(int threads, Action<int, int> work)
    {
        (_threads, _work) = (threads, work);
        _next = Parts = threads == 1 ? 1 : threads * PartsPerThread;
    }

    /// <summary>Parts of every piece of work.</summary>
    public int Parts { get; }

    /// <summary>All parts of one piece of work; returns when they are done.</summary>
    public void Run()
    {
        if (_threads == 1)
        {
            _work(0, 1);
            return;
        }

        Volatile.Write(ref _done, 0);
        Volatile.Write(ref _next, 0);
        for (int i = 1; i < _threads; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        ((IThreadPoolWorkItem)this).Execute();
        var wait = default(SpinWait);
        while (Volatile.Read(ref _done) < Parts)
        {
            wait.SpinOnce(sleep1Threshold: -1);
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        while (true)
        {
            int part = Interlocked.Increment(ref _next) - 1;
            if (part >= Parts)
            {
                return;
            }

            _work(part, Parts);
            Interlocked.Increment(ref _done);
        }
    }
}
