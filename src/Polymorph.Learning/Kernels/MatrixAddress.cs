namespace Polymorph.Learning.Kernels;

/// <summary>Where a matrix lies; its memory is pinned, so the address holds as long as the matrix does.</summary>
internal static unsafe class MatrixAddress
{
    private const int CacheLine = 64;

    extension(AlignedMatrix matrix)
    {
        /// <summary>Address of the first number.</summary>
        public float* Pointer
        {
            get
            {
                fixed (float* start = matrix.Memory)
                {
                    return start + matrix.Offset;
                }
            }
        }
    }

    /// <summary>Index of the first number of a pinned array that starts a cache line.</summary>
    public static int AlignedOffset(float[] memory)
    {
        fixed (float* start = memory)
        {
            return (int)((CacheLine - (nint)start % CacheLine) % CacheLine / sizeof(float));
        }
    }
}
