using System.Collections.Immutable;
using System.Globalization;
using Polymorph.Foundation;
using Polymorph.Structures;

namespace Polymorph.Representations.Curves;

/// <summary>One peak of a powder pattern.</summary>
/// <param name="TwoTheta">Diffraction angle, degrees.</param>
/// <param name="Intensity">Integrated intensity; the largest of the pattern is 100.</param>
/// <param name="Spacing">Distance between the lattice planes, Å.</param>
/// <param name="H">First Miller index of a plane that contributes.</param>
/// <param name="K">Second index.</param>
/// <param name="L">Third index.</param>
/// <param name="Reflections">How many reflections fall together here; the multiplicity when all are equivalent.</param>
public readonly record struct PowderPeak(double TwoTheta, double Intensity, double Spacing, int H, int K, int L, int Reflections);

/// <summary>Positions and intensities of the X-ray reflections of a powder.</summary>
/// <remarks>I = Σ |F|² (1 + cos² 2θ) / (sin² θ cos θ) over all reflections of one angle, F = Σ f exp(2πi (hx + ky + lz)); neither thermal motion
/// nor absorption. Reflections within 10⁻⁵ degrees make one peak; peaks below 10⁻³ % of the largest are left out.
/// Source: De Graef and McHenry, Structure of Materials, chapters 11 and 12.</remarks>
public static class PowderPattern
{
    private const double SameAngle = 1e-5;
    private const double SmallestShare = 1e-5;

    // Ten thousand atoms in a cell of the usual density, or a cell of a million cubic angstrom with a thousand.
    private const double MostWork = 1e10;

    /// <summary>The pattern of a crystal, by angle.</summary>
    /// <param name="crystal">Periodic along all three axes.</param>
    /// <param name="options">Wavelength and range; by default copper Kα from 0 to 90 degrees.</param>
    /// <exception cref="PolymorphException">PM3101: not a crystal. PM3102: an element without scattering factor. PM3103: the cell has too many reflections or atoms.</exception>
    public static ImmutableArray<PowderPeak> Of(Structure crystal, PowderPatternOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(crystal);
        options ??= new PowderPatternOptions();
        var cell = CurveInput.Cell(crystal, "a powder pattern");
        string? place = crystal.Id.Length > 0 ? crystal.Id : null;
        foreach (var element in crystal.Species)
        {
            if (!ScatteringFactor.IsKnown(element))
            {
                throw new PolymorphException("PM3102", $"there is no X-ray scattering factor of {element}", place, "Factors are tabulated from H to Cf.");
            }
        }

        double largest = 2 * Math.Sin(options.LargestTwoTheta * Math.PI / 360) / options.Wavelength;
        double count = 4 * Math.PI / 3 * largest * largest * largest * cell.Volume;
        if (count * crystal.AtomCount > MostWork || count > MostWork / 100)
        {
            throw new PolymorphException("PM3103", string.Create(CultureInfo.InvariantCulture, $"the cell has about {count:g2} reflections of {crystal.AtomCount} atoms below {options.LargestTwoTheta:g4} degrees"), place,
                "Give the primitive cell, a smaller range of angles or a longer wavelength.");
        }

        return Peaks(Reflections.Of(crystal, cell, largest), options);
    }

    private static ImmutableArray<PowderPeak> Peaks(Reflections reflections, PowderPatternOptions options)
    {
        double smallest = 2 * Math.Sin(options.SmallestTwoTheta * Math.PI / 360) / options.Wavelength;
        double[] keys = reflections.SquaredLengths;
        var order = new int[reflections.Count];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        Array.Sort(keys, order, 0, reflections.Count);
        var peaks = new List<PowderPeak>();
        double strongest = 0;
        for (int at = 0; at < order.Length; at++)
        {
            double g = Math.Sqrt(keys[at]);
            if (g < smallest)
            {
                continue;
            }

            double sine = Math.Min(1, options.Wavelength * g / 2), cosine = Math.Sqrt(1 - sine * sine), cosineOfTwice = 1 - 2 * sine * sine;
            if (cosine == 0)
            {
                continue;
            }

            double twoTheta = 360 / Math.PI * Math.Asin(sine);
            var (h, k, l) = reflections.Indices[order[at]];
            // A reflection and its opposite are equal (Friedel's law).
            double intensity = 2 * reflections.SquaredFactors[order[at]] * (1 + cosineOfTwice * cosineOfTwice) / (sine * sine * cosine);
            if (peaks.Count > 0 && twoTheta - peaks[^1].TwoTheta < SameAngle)
            {
                var last = peaks[^1];
                bool first = (h, k, l).CompareTo((last.H, last.K, last.L)) > 0;
                peaks[^1] = last with
                {
                    Intensity = last.Intensity + intensity,
                    Reflections = last.Reflections + 2,
                    H = first ? h : last.H,
                    K = first ? k : last.K,
                    L = first ? l : last.L,
                };
            }
            else
            {
                peaks.Add(new PowderPeak(twoTheta, intensity, 1 / g, h, k, l, 2));
            }

            strongest = Math.Max(strongest, peaks[^1].Intensity);
        }

        return [.. peaks.Where(p => p.Intensity > SmallestShare * strongest).Select(p => p with { Intensity = 100 / strongest * p.Intensity })];
    }
}
