using Polymorph.Learning.Layers;

namespace Polymorph.Learning.Kernels;

/// <summary>What a piece of work does.</summary>
internal enum LayerOperation
{
    Linear,
    Rectified,
    Masked,
    WeightGradient,
    ColumnSums,
    Moments,
    Normalise,
    NormaliseSums,
    NormaliseAdjoint,
    Pool,
    Unpool,
    Adam,
}

/// <summary>One pass with its operands.</summary>
internal readonly struct LayerWork
{
    public LayerOperation Operation { get; init; }

    public AlignedMatrix X { get; init; }

    public AlignedMatrix? Y { get; init; }

    public AlignedMatrix? Extra { get; init; }

    public AlignedMatrix? Extra2 { get; init; }

    public AlignedMatrix? Extra3 { get; init; }

    public AlignedMatrix Result { get; init; }

    public RowGroups? Groups { get; init; }

    public int Rows { get; init; }

    public bool Flag { get; init; }

    public float Slope { get; init; }

    public float Rate { get; init; }

    public float Beta1 { get; init; }

    public float Beta2 { get; init; }

    public float Epsilon { get; init; }
}
