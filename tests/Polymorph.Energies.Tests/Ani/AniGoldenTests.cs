using System.Text.Json;
using Polymorph.Energies.Ani;
using Polymorph.Structures;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Energies.Tests.Ani;

/// Energies, member energies, forces and descriptors of TorchANI 2.2 in double precision.
public sealed class AniGoldenTests
{
    private const double HartreeEV = 27.211386245988;

    /// The energy is some hundred hartree, of which double precision keeps 14 digits: 1e-10. In PyTorch 1.13, which made the golden forces,
    /// the backward pass of CELU takes 1/α in single precision even among doubles, a relative error of 1.5e-8: up to 2e-7 eV/Å.
    [Theory, InlineData("ani-1ccx"), InlineData("ani-2x-2of8")]
    public void DoublePrecisionAgreesWithTorchAni(string name)
    {
        using var evaluator = Engine(name, Precision.Double).CreateEvaluator();
        double energyError = 0, memberError = 0, forceError = 0;
        foreach (var molecule in Molecules(name))
        {
            var result = evaluator.Result(molecule.Structure);
            energyError = Math.Max(energyError, Math.Abs(result.EnergyEV / HartreeEV - molecule.EnergyHartree));
            forceError = Math.Max(forceError, LargestDifference(result, molecule));
            var members = ((AniEvaluator)evaluator).LastMemberEnergies;
            for (int k = 0; k < members.Length; k++)
            {
                memberError = Math.Max(memberError, Math.Abs(members[k] - molecule.MemberEnergies[k]));
            }

            Assert.Null(result.Stress);
            Assert.Equal(molecule.PopulationDeviation * HartreeEV / molecule.Structure.AtomCount, result.UncertaintyEVPerAtom!.Value, 1e-12);
        }

        Assert.True(energyError < 1e-10, $"energy differs by {energyError} hartree");
        Assert.True(memberError < 1e-12, $"member energies differ by {memberError} hartree");
        Assert.True(forceError < 3e-7, $"forces differ by {forceError} eV/Å");
    }

    /// The printed descriptors hold all digits of a double; entries below 1e-12 are left out there.
    [Theory, InlineData("ani-1ccx"), InlineData("ani-2x-2of8")]
    public void DescriptorsAgreeWithTorchAni(string name)
    {
        var model = AniModel.Read(ReferenceData.PathOf($"data/potentials/{name}.json"));
        var descriptor = new AniDescriptorReference(model.Symmetry, model.Elements.Length);
        var neighbours = new AniNeighbours(model.Symmetry.Rcr, model.Symmetry.Rca);
        int compared = 0;
        foreach (var molecule in Molecules(name).Where(m => m.Descriptor is not null))
        {
            Assert.Null(neighbours.Find(molecule.Structure, [.. molecule.Structure.Species.Select(e => model.Elements.IndexOf(e))]));
            var values = new double[descriptor.Length];
            descriptor.Values(neighbours.Of(0), neighbours.AngularCount(0), values);
            var expected = new double[descriptor.Length];
            foreach (var (index, value) in molecule.Descriptor!)
            {
                expected[index] = value;
                compared++;
            }

            Assert.All(values.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 2e-12));
        }

        Assert.True(compared > 300, $"only {compared} entries");
    }

    internal static AniEngine Engine(string name, Precision precision) => AniEngine.Read(ReferenceData.PathOf($"data/potentials/{name}.json"), precision);

    internal static AniEngine ReadPath(string path) => AniEngine.Read(path);

    internal static IEnumerable<GoldenMolecule> Molecules(string name) =>
        ReferenceData.Json($"golden/potentials/{name}_molecules.json").GetProperty("structures").EnumerateArray().Select(s => new GoldenMolecule(s));

    internal static double LargestDifference(Evaluation result, GoldenMolecule molecule) =>
        result.Forces.Zip(molecule.Forces, (a, b) => (a - b).Length).Max();
}

/// One molecule of a golden file.
internal sealed class GoldenMolecule(JsonElement json)
{
    public string Name { get; } = json.GetProperty("name").GetString()!;

    public Structure Structure { get; } = new(
        [.. json.GetProperty("species").EnumerateArray().Select(e => Element.Parse(e.GetString()!))],
        [.. json.GetProperty("positions").EnumerateArray().Select(Vector)]);

    public double EnergyHartree { get; } = json.GetProperty("energy_hartree").GetDouble();

    public double[] MemberEnergies { get; } = [.. json.GetProperty("member_energies_without_self_hartree").EnumerateArray().Select(e => e.GetDouble())];

    public Vector3D[] Forces { get; } = [.. json.GetProperty("forces").EnumerateArray().Select(Vector)];

    public (int Index, double Value)[]? Descriptor { get; } =
        json.TryGetProperty("aev_atom0", out var entries) ? [.. entries.EnumerateArray().Select(e => (e[0].GetInt32(), e[1].GetDouble()))] : null;

    public double PopulationDeviation => Math.Sqrt(MemberEnergies.Average(e => e * e) - Math.Pow(MemberEnergies.Average(), 2));

    private static Vector3D Vector(JsonElement v) => new(v[0].GetDouble(), v[1].GetDouble(), v[2].GetDouble());
}
