using Polymorph.Learning;
using Polymorph.Representations.CrystalImages;
using Polymorph.Selection.Compositions;
using Polymorph.Structures;

namespace Polymorph.Benchmarks;

/// <summary>Random crystals in the form of the generator's images: the volume per atom of a random training crystal, a random cell, atoms put one after the other where no earlier one is too near.</summary>
/// <param name="layout">Elements and caps.</param>
/// <param name="volumes">Volumes per atom to draw from, Å³.</param>
/// <param name="limits">The filters that the crystals will meet.</param>
/// <param name="seed">Seed of all draws.</param>
internal sealed class RandomImages(CrystalImageLayout layout, double[] volumes, SampleLimits limits, ulong seed) : IConditionedImages
{
    private const int TriesPerAtom = 200;
    private const int TriesPerCrystal = 50;

    public CrystalImageLayout Layout { get; } = layout;

    public void Draw(long first, int count, ReadOnlySpan<int> wanted, Span<float> images, Span<float> presence, Span<float> energies)
    {
        Element[] species = [.. Species(wanted)];
        int[] rows = [.. Rows(wanted)];
        presence.Clear();
        images.Clear();
        energies.Fill(float.NaN);
        Span<double> image = new double[Layout.Length];
        for (int i = 0; i < count; i++)
        {
            var sequence = new CounterRandom(seed, stream: 0).Sequence((uint)(first + i));
            image.Clear();
            CrystalImage.Encode(Crystal(species, ref sequence), Layout, image);
            for (int k = 0; k < image.Length; k++)
            {
                images[i * image.Length + k] = (float)image[k];
            }

            foreach (int row in rows)
            {
                presence[i * Layout.AtomRows + row] = 1;
            }
        }
    }

    private Structure Crystal(Element[] species, ref RandomSequence sequence)
    {
        Structure? last = null;
        for (int attempt = 0; attempt < TriesPerCrystal; attempt++)
        {
            double volume = species.Length * volumes[sequence.NextIndex(volumes.Length)];
            Vector3D lengths = new(1 + sequence.NextDouble(), 1 + sequence.NextDouble(), 1 + sequence.NextDouble());
            Vector3D angles = Math.PI / 180 * new Vector3D(60 + 60 * sequence.NextDouble(), 60 + 60 * sequence.NextDouble(), 60 + 60 * sequence.NextDouble());
            var cell = Lattice.FromParameters(lengths, angles);
            cell = Lattice.FromParameters(Math.Cbrt(volume / cell.Volume) * lengths, angles);
            var positions = new List<Vector3D>();
            foreach (var element in species)
            {
                for (int i = 0; i < TriesPerAtom && positions.Count < species.Length; i++)
                {
                    var place = cell.ToCartesian(new(sequence.NextDouble(), sequence.NextDouble(), sequence.NextDouble()));
                    last = new Structure([.. species.AsSpan(0, positions.Count + 1)], [.. positions, place], cell);
                    if (!TooNear(last))
                    {
                        positions.Add(place);
                        break;
                    }
                }

                if (positions.Count == 0 || last!.AtomCount > positions.Count)
                {
                    break;
                }
            }

            if (positions.Count == species.Length)
            {
                return last!;
            }
        }

        // Given up: all atoms on one place, which no filter lets pass.
        return new Structure([.. species], [.. species.Select(_ => Vector3D.Zero)], last!.Lattice);
    }

    // Isolated atoms are no fault while atoms are still missing.
    private bool TooNear(Structure crystal)
    {
        var neighbours = NeighborList.Build(crystal, limits.Geometry.MinimumDistances.Values.Max());
        foreach (var neighbour in neighbours.Of(crystal.AtomCount - 1))
        {
            if (neighbour.Distance < limits.Geometry.Minimum(crystal.Species[^1], crystal.Species[neighbour.Index]))
            {
                return true;
            }
        }

        return false;
    }

    private List<Element> Species(ReadOnlySpan<int> wanted)
    {
        var species = new List<Element>();
        for (int block = 0; block < wanted.Length; block++)
        {
            species.AddRange(Enumerable.Repeat(Layout.Blocks[block].Element, wanted[block]));
        }

        return species;
    }

    private List<int> Rows(ReadOnlySpan<int> wanted)
    {
        var rows = new List<int>();
        for (int block = 0; block < wanted.Length; block++)
        {
            rows.AddRange(Enumerable.Range(Layout.FirstRow(block) - CrystalImageLayout.CellRows, wanted[block]));
        }

        return rows;
    }
}
