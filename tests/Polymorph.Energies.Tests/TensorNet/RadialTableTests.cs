using Polymorph.Energies.Kernels.TensorNet;
using Polymorph.Energies.TensorNet;
using Polymorph.Learning.Kernels;
using Polymorph.Structures;
using Xunit;

namespace Polymorph.Energies.Tests.TensorNet;

/// <summary>The table of edge scalars beside the perceptrons it stands for.</summary>
public sealed class RadialTableTests
{
    private static readonly Lazy<TensorNetWeights> Weights = new(() => new(GoldenCrystals.WeightPath));
    private static readonly Lazy<RadialTable> Table = new(() => RadialTable.Create(Weights.Value));

    /// Values reach 13 and slopes 17 Å⁻¹ near 0.8 Å: single precision leaves 1e-6 and, with 64 t-units per Å, 2e-5 of the worst; the interpolation adds 2e-5 there.
    [Theory]
    [InlineData(0.1, 1.2, 3e-6, 5e-5)]
    [InlineData(1.2, 5.0, 5e-7, 5e-6)]
    public void ValuesAndSlopesAreThePerceptrons(double from, double to, double valueTolerance, double slopeTolerance)
    {
        double[] distances = [.. Enumerable.Range(0, 300).Select(i => from + (to - from) * (i + 0.37) / 300)];
        for (int block = 0; block < Weights.Value.Blocks.Length; block++)
        {
            var perceptron = new EdgePerceptron(Weights.Value.Radial, Weights.Value.Blocks[block].Scalars);
            var (values, slopes) = perceptron.Evaluate(distances);
            for (int i = 0; i < values.Length; i++)
            {
                var (value, slope) = Table.Value.Interpolate(block, i % perceptron.Count, distances[i / perceptron.Count]);
                Assert.Equal(values[i], value, valueTolerance);
                Assert.Equal(slopes[i], slope, slopeTolerance);
            }
        }
    }

    /// The table must not add to the error of single precision: 1e-6 eV/atom and 2e-5 eV/Å are a tenth of what the upstream code allows.
    [Theory, InlineData("SiO2_mp-554151_rattled"), InlineData("MgMnO3_ilmenite_hex"), InlineData("PdNiH2_L10_rattled")]
    public void EnergiesAndForcesAreThoseOfTheExactPath(string name)
    {
        var structure = GoldenCrystals.Named(name).Structure;
        var neighbours = NeighborList.Build(structure, Weights.Value.Radial.Cutoff);
        double[] distances = [.. Enumerable.Range(0, structure.AtomCount).SelectMany(i => neighbours.Of(i).ToArray()).Select(n => n.Distance).Distinct().Order()];
        var pass = TensorNetEngine.CreatePass(VectorWidths.Best, new SingleWeights(Weights.Value));
        var (exactEnergy, exactForces, _) = pass.Evaluate(structure, neighbours, RadialTable.CreateExact(Weights.Value, distances));
        var (energy, forces, _) = pass.Evaluate(structure, neighbours, Table.Value);
        Assert.Equal(exactEnergy, energy, 1e-6 * structure.AtomCount);
        foreach (var (expected, actual) in exactForces.Zip(forces))
        {
            Assert.InRange((expected - actual).Length, 0, 2e-5);
        }
    }
}
