using Polymorph.Representations.Kernels;

namespace Polymorph.Energies.Neural.Kernels;

/// <summary>Arrays of all blocks of a batch, block after block, so that sums over blocks run with a constant stride.</summary>
/// <typeparam name="T">Lanes.</typeparam>
internal sealed unsafe class BlockMemory<T>
    where T : unmanaged
{
    private readonly NeuralForm _form;
    private AlignedArena _arena = new();
    private T* _features;
    private T* _tangents;
    private T* _inputs;
    private T* _inputTangents;
    private T* _first;
    private T* _second;
    private T* _expansion;
    private T* _expansionRate;

    public BlockMemory(NeuralForm form)
    {
        _form = form;
        FirstStride = NetworkUnits<T>.Size(form.First);
        SecondStride = form.Second is { } second ? NetworkUnits<T>.Size(second) : 0;
        InputStride = form.Second?.Widths[0] ?? 0;
        ExpansionStride = form.Message is { } message ? message.Messages * message.ExpansionCount : 0;
    }

    /// <summary>Blocks there is room for.</summary>
    public int Capacity { get; private set; }

    /// <summary>Vectors per block in the units of the first networks.</summary>
    public int FirstStride { get; }

    /// <summary>Vectors per block in the units of the second networks.</summary>
    public int SecondStride { get; }

    /// <summary>Vectors per block in the inputs of the second networks.</summary>
    public int InputStride { get; }

    /// <summary>Vectors per block in the second expansion.</summary>
    public int ExpansionStride { get; }

    /// <summary>Makes room; what was there is lost when there was too little.</summary>
    /// <param name="blocks">Number of blocks.</param>
    public void Reserve(int blocks)
    {
        if (Capacity >= blocks)
        {
            return;
        }

        Capacity = blocks + blocks / 4;
        _arena = new AlignedArena();
        _features = _arena.Take<T>(Capacity * _form.Descriptor.FeatureCount);
        _tangents = _arena.Take<T>(Capacity * _form.Descriptor.FeatureCount);
        _inputs = _arena.Take<T>(Capacity * InputStride);
        _inputTangents = _arena.Take<T>(Capacity * InputStride);
        _first = _arena.Take<T>(Capacity * FirstStride);
        _second = _arena.Take<T>(Capacity * SecondStride);
        _expansion = _arena.Take<T>(Capacity * ExpansionStride);
        _expansionRate = _arena.Take<T>(Capacity * ExpansionStride);
    }

    /// <summary>Features of the first descriptor.</summary>
    /// <param name="block">Block.</param>
    public T* Features(int block) => _features + (nint)block * _form.Descriptor.FeatureCount;

    /// <summary>Their change.</summary>
    /// <param name="block">Block.</param>
    public T* Tangents(int block) => _tangents + (nint)block * _form.Descriptor.FeatureCount;

    /// <summary>Inputs of the second networks.</summary>
    /// <param name="block">Block.</param>
    public T* Inputs(int block) => _inputs + (nint)block * InputStride;

    /// <summary>Their change.</summary>
    /// <param name="block">Block.</param>
    public T* InputTangents(int block) => _inputTangents + (nint)block * InputStride;

    /// <summary>Second expansion.</summary>
    /// <param name="block">Block.</param>
    public T* Expansion(int block) => _expansion + (nint)block * ExpansionStride;

    /// <summary>Its change.</summary>
    /// <param name="block">Block.</param>
    public T* ExpansionRate(int block) => _expansionRate + (nint)block * ExpansionStride;

    /// <summary>Units of the first networks.</summary>
    /// <param name="block">Block.</param>
    public NetworkUnits<T> First(int block) => new(_first + (nint)block * FirstStride, _form.First);

    /// <summary>Units of the second networks.</summary>
    /// <param name="block">Block.</param>
    public NetworkUnits<T> Second(int block) => new(_second + (nint)block * SecondStride, _form.Second!);
}
