using System.Runtime.CompilerServices;
using Polymorph.Representations.CrystalGraphs;

namespace Polymorph.Models.Cgcnn;

/// <summary>What a network predicts.</summary>
public enum CgcnnTask
{
    /// <summary>A number, such as an energy.</summary>
    Regression,

    /// <summary>The probability of class 1.</summary>
    Classification,
}

/// <summary>Form of a crystal graph convolutional network.</summary>
/// <remarks>Defaults: T. Xie and J. C. Grossman, Phys. Rev. Lett. 120, 145301 (2018), and their public code; the published weights have 32 hidden numbers and 4 convolutions.</remarks>
public sealed record CgcnnOptions
{
    /// <summary>What the network predicts.</summary>
    public CgcnnTask Task { get; init; }

    /// <summary>Numbers per atom, F.</summary>
    public int AtomFeatures { get; init => field = Width(value); } = 64;

    /// <summary>Numbers per crystal behind the pooling, H.</summary>
    public int HiddenFeatures { get; init => field = Width(value); } = 128;

    /// <summary>Convolutions.</summary>
    public int Convolutions { get; init => field = value is >= 1 and <= 16 ? value : throw new ArgumentOutOfRangeException(nameof(Convolutions), value, "expected 1 to 16 convolutions"); } = 3;

    /// <summary>Hidden layers behind the pooling.</summary>
    public int HiddenLayers { get; init => field = value is >= 1 and <= 16 ? value : throw new ArgumentOutOfRangeException(nameof(HiddenLayers), value, "expected 1 to 16 layers"); } = 1;

    /// <summary>The graph.</summary>
    public CrystalGraphOptions Graph { get; init; } = new();

    /// <summary>Numbers of the last layer.</summary>
    internal int Outputs => Task == CgcnnTask.Regression ? 1 : 2;

    private static int Width(int value, [CallerMemberName] string name = "") =>
        value is >= 1 and <= 1024 ? value : throw new ArgumentOutOfRangeException(name, value, "expected 1 to 1024 numbers");
}
