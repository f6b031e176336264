using Polymorph.Learning;
using Polymorph.Representations.LocalDescriptors;
using Polymorph.Structures;

namespace Polymorph.Selection.Tests;

/// <summary>Methanol with noise that grows with the index; every third one is its predecessor turned by a right angle about z and moved.</summary>
internal sealed class Methanol : IStructureSource
{
    public const int Count = 3000;

    // Angstrom; C-O along x.
    private static readonly float[] Perfect = [0, 0, 0, 1.42f, 0, 0, -0.36f, 1.03f, 0, -0.36f, -0.51f, 0.89f, -0.36f, -0.51f, -0.89f, 1.74f, -0.45f, 0.79f];

    private readonly int[] _order;

    public Methanol(int[]? order = null) => _order = order ?? [.. Enumerable.Range(0, Count)];

    public static Element[] Species { get; } = [new(6), new(8), new(1), new(1), new(1), new(1)];

    public static StructuralDescriptor Describer() => new(StructuralDescriptor.Published, [1, 2, 0, 0, 0, 0], 3);

    public void Fill(int first, int count, Span<float> positions)
    {
        for (int n = 0; n < count; n++)
        {
            int index = _order[first + n], source = index % 3 == 2 ? index - 1 : index;
            var target = positions.Slice(18 * n, 18);
            var random = new CounterRandom(9, 0).Sequence((uint)source);
            random.FillNormal(target);
            for (int i = 0; i < 18; i++)
            {
                target[i] = Perfect[i] + target[i] * (0.05f + 0.15f * source / Count);
            }

            for (int atom = 0; atom < 6 && source != index; atom++)
            {
                (target[3 * atom], target[3 * atom + 1], target[3 * atom + 2]) = (3 - target[3 * atom + 1], target[3 * atom], target[3 * atom + 2]);
            }
        }
    }
}
