using System.Collections.Immutable;
using Polymorph.Learning;
using Polymorph.Structures;

namespace Polymorph.Models.Tests.LoGan;

/// <summary>Made-up geometries of C4H10O: atoms on a jittered grid of bond-like distances. They need no file and no chemistry.</summary>
internal static class Butanols
{
    public static IReadOnlyList<Structure> All { get; } = [.. Enumerable.Range(0, 5).Select(Make)];

    private static Structure Make(int index)
    {
        var random = new CounterRandom(11, 1).Sequence((uint)index);
        ImmutableArray<Element> species = [.. Composition.ParseSpecies("C4H10O")];
        var positions = ImmutableArray.CreateBuilder<Vector3D>();
        for (int i = 0; i < species.Length; i++)
        {
            positions.Add(new Vector3D(1.3 * (i % 3) + 0.2 * random.NextNormal(), 1.3 * (i / 3 % 3) + 0.2 * random.NextNormal(), 1.3 * (i / 9) + 0.2 * random.NextNormal()));
        }

        return new Structure(species, positions.ToImmutable());
    }
}
