using System.Collections.Immutable;
using Polymorph.Foundation;
using Polymorph.Screening.Pourbaix.Kernels;

namespace Polymorph.Screening.Pourbaix;

/// <summary>Where one assemblage is stable.</summary>
/// <param name="Assemblage">The species, at a point within.</param>
/// <param name="Corners">pH and V against SHE, in order around the polygon.</param>
/// <param name="Area">Units of pH times V.</param>
/// <param name="Centre">Centre of area: pH and V against SHE.</param>
public sealed record PourbaixDomain(PourbaixPoint Assemblage, ImmutableArray<(double PH, double Potential)> Corners, double Area, (double PH, double Potential) Centre);

/// <summary>A Pourbaix diagram within a window, complete: its domains as polygons, and its energies at many points at once.</summary>
/// <remarks>The hull is the lower envelope of the planes of all assemblages, and concave. Planes are found by asking the linear program at the corners of the envelope of those known: where it lies lower,
/// its plane is new; when it does so at no corner, the envelope is complete. No assemblage is enumerated.</remarks>
public sealed class PourbaixMap
{
    private const double Lower = 1e-10;
    private const double SmallestArea = 1e-9;
    private const int MostPlanes = 2000;

    private readonly PourbaixDiagram _diagram;
    private readonly (double Constant, double PerPH, double PerVolt)[] _planes;

    /// <summary>Finds the domains within a window.</summary>
    /// <param name="diagram">The diagram.</param>
    /// <param name="fromPH">Left border.</param>
    /// <param name="toPH">Right border.</param>
    /// <param name="fromPotential">Lower border, V against SHE.</param>
    /// <param name="toPotential">Upper border.</param>
    /// <exception cref="PolymorphException">PM5221: the window leaves pH -2 to 16.</exception>
    public PourbaixMap(PourbaixDiagram diagram, double fromPH = Electrochemistry.SmallestPH, double toPH = Electrochemistry.LargestPH,
        double fromPotential = Electrochemistry.SmallestPotential, double toPotential = Electrochemistry.LargestPotential)
    {
        ArgumentNullException.ThrowIfNull(diagram);
        Electrochemistry.RequirePH(fromPH, Electrochemistry.SmallestPH, Electrochemistry.LargestPH);
        Electrochemistry.RequirePH(toPH, Electrochemistry.SmallestPH, Electrochemistry.LargestPH);
        _diagram = diagram;
        List<(double PH, double Potential)> window = [(fromPH, fromPotential), (toPH, fromPotential), (toPH, toPotential), (fromPH, toPotential)];
        var planes = new List<(double Constant, double PerPH, double PerVolt)>();
        var asked = new HashSet<(double, double)>();
        var open = window.ToList();
        var polygons = new List<List<(double PH, double Potential)>>();
        while (open.Count > 0 && planes.Count < MostPlanes)
        {
            bool isNew = false;
            foreach (var corner in open)
            {
                if (asked.Add((Math.Round(corner.PH, 10), Math.Round(corner.Potential, 10))))
                {
                    var plane = diagram.Plane(corner.PH, corner.Potential);
                    if (planes.TrueForAll(p => Value(p, corner) > Value(plane, corner) + Lower))
                    {
                        planes.Add(plane);
                        isNew = true;
                    }
                }
            }

            if (!isNew && polygons.Count > 0)
            {
                break;
            }

            polygons = planes.ConvertAll(plane => Clip(window, plane, planes));
            open = [.. polygons.SelectMany(p => p)];
        }

        var domains = ImmutableArray.CreateBuilder<PourbaixDomain>();
        foreach (var polygon in polygons)
        {
            var (area, centre) = Measure(polygon);
            if (area > SmallestArea)
            {
                domains.Add(new PourbaixDomain(diagram.At(centre.PH, centre.Potential), [.. polygon], area, centre));
            }
        }

        Domains = domains.ToImmutable();
        _planes = [.. planes];
    }

    /// <summary>The domains, in no special order.</summary>
    public ImmutableArray<PourbaixDomain> Domains { get; }

    /// <summary>Energies that an entry gives off in falling apart into what is stable, at points within the window.</summary>
    /// <param name="entry">A solid or ion with the ratio of metals of the diagram.</param>
    /// <param name="pH">The pH of each point, [points].</param>
    /// <param name="potentials">V against SHE of each point, [points].</param>
    /// <param name="energies">[points], eV/atom, overwritten.</param>
    /// <exception cref="ArgumentException">The entry has its metals in another ratio, or a length does not match.</exception>
    public void DecompositionEnergies(PourbaixEntry entry, ReadOnlySpan<double> pH, ReadOnlySpan<double> potentials, Span<double> energies)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(potentials.Length, pH.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(energies.Length, pH.Length);
        var (constant, perPH, perVolt) = _diagram.PlaneOf(entry);
        double scale = entry.Metals / entry.Composition.Total;
        LowerEnvelope.Simd(_planes, pH, potentials, energies);
        for (int k = 0; k < energies.Length; k++)
        {
            energies[k] = (constant + perPH * pH[k] + perVolt * potentials[k] - energies[k]) * scale;
        }
    }

    private static double Value((double Constant, double PerPH, double PerVolt) plane, (double PH, double Potential) at) => plane.Constant + plane.PerPH * at.PH + plane.PerVolt * at.Potential;

    // Sutherland-Hodgman: the part of a convex polygon where a plane lies below all others.
    private static List<(double PH, double Potential)> Clip(List<(double PH, double Potential)> window, (double Constant, double PerPH, double PerVolt) plane, List<(double Constant, double PerPH, double PerVolt)> others)
    {
        var polygon = window;
        foreach (var other in others)
        {
            if (other == plane || polygon.Count == 0)
            {
                continue;
            }

            var kept = new List<(double PH, double Potential)>(polygon.Count + 1);
            for (int i = 0; i < polygon.Count; i++)
            {
                var a = polygon[i];
                var b = polygon[(i + 1) % polygon.Count];
                double atA = Value(other, a) - Value(plane, a), atB = Value(other, b) - Value(plane, b);
                if (atA >= 0)
                {
                    kept.Add(a);
                }

                if (atA > 0 && atB < 0 || atA < 0 && atB > 0)
                {
                    double t = atA / (atA - atB);
                    kept.Add((a.PH + t * (b.PH - a.PH), a.Potential + t * (b.Potential - a.Potential)));
                }
            }

            polygon = kept;
        }

        return polygon;
    }

    private static (double Area, (double PH, double Potential) Centre) Measure(List<(double PH, double Potential)> polygon)
    {
        double twice = 0, x = 0, y = 0;
        for (int i = 0; i < polygon.Count; i++)
        {
            var a = polygon[i];
            var b = polygon[(i + 1) % polygon.Count];
            double cross = a.PH * b.Potential - b.PH * a.Potential;
            twice += cross;
            x += (a.PH + b.PH) * cross;
            y += (a.Potential + b.Potential) * cross;
        }

        return Math.Abs(twice) < 2 * SmallestArea ? (0, default) : (Math.Abs(twice) / 2, (x / (3 * twice), y / (3 * twice)));
    }
}
