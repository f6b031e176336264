using System.Collections.Immutable;
using System.Globalization;
using Polymorph.Screening.Compositions;
using Polymorph.Selection.Metrics;
using Polymorph.Structures;

namespace Polymorph.Screening.Corrections;

/// <summary>The corrections MP2020 of PBE and PBE+U energies computed with the settings of the Materials Project. They do not fit other codes, nor potentials trained on uncorrected energies.</summary>
/// <remarks>Wang et al., Sci. Rep. 11 (2021) 15496; the rules as pymatgen 2022.11.7 applies them.</remarks>
public static class MaterialsProject2020
{
    private static readonly Element Oxygen = Element.Parse("O");
    private static readonly Element Sulphur = Element.Parse("S");

    // Value and standard deviation of each species, eV per atom.
    private static readonly Dictionary<OxideClass, (double Value, double Deviation)> Oxides = new()
    {
        [OxideClass.Oxide] = (-0.687, 0.002),
        [OxideClass.Peroxide] = (-0.465, 0.0172),
        [OxideClass.Superoxide] = (-0.161, 0.0075),
        [OxideClass.Ozonide] = (0, 0),
    };

    private static readonly (Element Element, double Value, double Deviation)[] Anions =
    [
        (Element.Parse("Br"), -0.534, 0.0026), (Element.Parse("I"), -0.379, 0.0055), (Element.Parse("Se"), -0.472, 0.0341), (Element.Parse("Si"), 0.071, 0.0165), (Element.Parse("Sb"), -0.192, 0.0089),
        (Element.Parse("Te"), -0.422, 0.0262), (Element.Parse("H"), -0.179, 0.0013), (Element.Parse("N"), -0.361, 0.0093), (Element.Parse("F"), -0.462, 0.0026), (Element.Parse("Cl"), -0.614, 0.0018),
    ];

    private static readonly (double Value, double Deviation) Sulphide = (-0.503, 0.0093);

    // Metals computed with U in oxides and fluorides: U in eV, correction and deviation in eV per atom.
    private static readonly Dictionary<Element, (double U, double Value, double Deviation)> Mixing = new()
    {
        [Element.Parse("V")] = (3.25, -1.7, 0.0064),
        [Element.Parse("Cr")] = (3.7, -1.999, 0.0108),
        [Element.Parse("Mn")] = (3.9, -1.668, 0.0053),
        [Element.Parse("Fe")] = (5.3, -2.256, 0.0101),
        [Element.Parse("Co")] = (3.32, -1.638, 0.006),
        [Element.Parse("Ni")] = (6.2, -2.541, 0.0107),
        [Element.Parse("W")] = (6.2, -4.438, 0.0253),
        [Element.Parse("Mo")] = (4.38, -3.202, 0.0089),
    };

    /// <summary>The corrections of one energy.</summary>
    /// <param name="composition">The formula that the energy is for.</param>
    /// <param name="run">How it was computed.</param>
    public static CorrectedEnergy Of(ElementAmounts composition, ComputedRun run)
    {
        ArgumentNullException.ThrowIfNull(composition);
        ArgumentNullException.ThrowIfNull(run);
        if (run.RunType is not ("GGA" or "GGA+U"))
        {
            return new CorrectedEnergy([], $"the run type is '{run.RunType}', neither GGA nor GGA+U");
        }

        if (composition.Elements.Length == 1)
        {
            return new CorrectedEnergy([]);
        }

        var terms = ImmutableArray.CreateBuilder<EnergyCorrection>();
        if (composition[Sulphur] > 0)
        {
            terms.Add(Term("anion correction (S)", composition[Sulphur], Sulphide));
        }

        if (composition[Oxygen] > 0)
        {
            var oxide = run.Oxide ?? OxideClasses.Of(composition);
            terms.Add(Term($"anion correction ({oxide.ToString().ToLowerInvariant()})", composition[Oxygen], Oxides[oxide]));
        }

        var mostElectronegative = MostElectronegative(composition);
        foreach (var (anion, value, deviation) in Anions)
        {
            if (composition[anion] > 0 && (run.OxidationStates.GetValueOrDefault(anion) < 0 || anion == mostElectronegative))
            {
                terms.Add(Term($"anion correction ({anion.Symbol})", composition[anion], (value, deviation)));
            }
        }

        bool mixes = mostElectronegative.Symbol is "O" or "F";
        foreach (var element in composition.Elements)
        {
            var mixing = mixes && Mixing.TryGetValue(element, out var found) ? found : default;
            double u = run.HubbardU.GetValueOrDefault(element);
            if (u != mixing.U)
            {
                return new CorrectedEnergy([], string.Create(CultureInfo.InvariantCulture, $"computed with U = {u:0.0##} eV on {element.Symbol} instead of {mixing.U:0.0##} eV"));
            }

            if (mixing.U > 0)
            {
                terms.Add(Term($"GGA/GGA+U mixing correction ({element.Symbol})", composition[element], (mixing.Value, mixing.Deviation)));
            }
        }

        return new CorrectedEnergy(terms.ToImmutable());
    }

    /// <summary>The elements of a formula whose correction depends on whether their oxidation state is negative.</summary>
    /// <param name="composition">The formula.</param>
    public static IReadOnlyList<Element> AnionsBySign(ElementAmounts composition)
    {
        ArgumentNullException.ThrowIfNull(composition);
        var most = MostElectronegative(composition);
        return [.. Anions.Select(a => a.Element).Where(e => e != most && composition[e] > 0)];
    }

    private static Element MostElectronegative(ElementAmounts composition) => composition.Elements.MaxBy(e => OxidationTable.Smact2014.Electronegativity(e) ?? 0);

    private static EnergyCorrection Term(string name, double atoms, (double Value, double Deviation) perAtom) => new($"MP2020 {name}", atoms * perAtom.Value, atoms * perAtom.Deviation);
}
