namespace Polymorph.Representations.Kernels;

/// <summary>The width-independent face of <see cref="PowerSpectrumKernel{T}"/>.</summary>
internal abstract unsafe class PowerSpectrumKernel
{
    /// <summary>Writes descriptor rows; the arguments are those of PowerSpectrumBatch, already checked.</summary>
    public abstract void Describe(float* positions, int structures, int firstCentre, int centres, float* result, int rowStride);

    /// <summary>Writes position gradients; the arguments are those of PowerSpectrumBatch, already checked.</summary>
    public abstract void Gradient(float* positions, int structures, int firstCentre, int centres, float* rows, int rowStride, float* positionGradient);
}
