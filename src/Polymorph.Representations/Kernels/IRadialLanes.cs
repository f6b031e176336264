namespace Polymorph.Representations.Kernels;

/// <summary>Radial functions of many neighbours at once.</summary>
/// <typeparam name="T">Lanes.</typeparam>
internal unsafe interface IRadialLanes<T>
    where T : unmanaged, ILanes<T>
{
    /// <summary>Vectors per neighbour in <see cref="Values"/>; at least the number of functions.</summary>
    int Stride { get; }

    /// <summary>Where function f (l-major) stands within a neighbour's vectors.</summary>
    int[] Position { get; }

    /// <summary>True when harmonics are taken of the unit vector, false when of the offset.</summary>
    bool OnUnitVectors { get; }

    /// <summary>Values h(t), √((2l+1)/4π) included.</summary>
    /// <param name="square">t, [count], in [0, 1].</param>
    /// <param name="count">Number of neighbours.</param>
    /// <param name="result">[count × Stride], overwritten.</param>
    void Values(T* square, int count, T* result);

    /// <summary>Derivatives dh/dt of one neighbour.</summary>
    /// <param name="square">t, in [0, 1].</param>
    /// <param name="result">[Stride], overwritten.</param>
    void Slopes(T square, T* result);
}
