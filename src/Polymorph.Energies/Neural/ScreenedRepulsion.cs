using Polymorph.Structures;

namespace Polymorph.Energies.Neural;

/// <summary>The repulsion of two nuclei behind their electrons, switched off at the length of a bond: what keeps atoms apart where no training data reach.</summary>
/// <remarks>Universal screening: Ziegler, Biersack, Littmark, The Stopping and Range of Ions in Solids (1985); times (1 − r²/r_o²)³ with r_o the sum of the covalent radii.</remarks>
public sealed class ScreenedRepulsion
{
    // e²/(4π ε0), eV Å, and the Bohr radius, Å (CODATA 2018).
    private const double Coulomb = 14.3996454784;
    private const double Bohr = 0.529177210903;
    private static readonly (double Weight, double Decay)[] Screening = [(0.18175, 3.19980), (0.50986, 0.94229), (0.28022, 0.40290), (0.02817, 0.20162)];
    private readonly double[] _strength;
    private readonly double[] _screening;
    private readonly double[] _range;
    private readonly int _count;

    /// <summary>The repulsion between these elements.</summary>
    /// <param name="elements">Elements by type.</param>
    /// <param name="rangeFactor">r_o as a share of the sum of the covalent radii.</param>
    public ScreenedRepulsion(IReadOnlyList<Element> elements, double rangeFactor = 1)
    {
        ArgumentNullException.ThrowIfNull(elements);
        _count = elements.Count;
        (_strength, _screening, _range) = (new double[_count * _count], new double[_count * _count], new double[_count * _count]);
        for (int a = 0; a < _count; a++)
        {
            for (int b = 0; b < _count; b++)
            {
                Element first = elements[a], second = elements[b];
                _strength[a * _count + b] = Coulomb * first.Number * second.Number;
                _screening[a * _count + b] = (Math.Pow(first.Number, 0.23) + Math.Pow(second.Number, 0.23)) / (0.8854 * Bohr);
                _range[a * _count + b] = rangeFactor * (first.CovalentRadius + second.CovalentRadius);
            }
        }
    }

    /// <summary>Energy of a pair and its derivative by the distance.</summary>
    /// <param name="a">Type of one atom.</param>
    /// <param name="b">Type of the other.</param>
    /// <param name="distance">Distance, Å; at 0 the energy is infinite.</param>
    /// <returns>eV and eV/Å.</returns>
    public (double Energy, double Slope) Evaluate(int a, int b, double distance)
    {
        int pair = a * _count + b;
        double range = _range[pair];
        if (distance >= range)
        {
            return (0, 0);
        }

        double x = _screening[pair] * distance, screening = 0, screeningSlope = 0;
        foreach (var (weight, decay) in Screening)
        {
            double term = weight * Math.Exp(-decay * x);
            screening += term;
            screeningSlope -= decay * _screening[pair] * term;
        }

        double rest = 1 - distance * distance / (range * range), cutoff = rest * rest * rest, cutoffSlope = -6 * distance / (range * range) * rest * rest;
        double bare = _strength[pair] / distance;
        return (bare * screening * cutoff, bare * (screeningSlope * cutoff + screening * cutoffSlope - screening * cutoff / distance));
    }
}
