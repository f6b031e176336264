namespace Polymorph.Representations.CrystalImages;

/// <summary>How the structures of one cell composition become a fixed number of images.</summary>
/// <param name="Structures">Structures of the composition, n.</param>
/// <param name="Target">Images wanted, T.</param>
/// <remarks>Rule of the published code (see <see cref="CrystalImageLayout"/>), except that it leaves out a composition with n ≥ T and we keep T of its structures.</remarks>
public readonly record struct AugmentationPlan(int Structures, int Target)
{
    /// <summary>Structures that are used: all, or a random choice of T.</summary>
    public int Kept => Math.Min(Structures, Target);

    /// <summary>Axis exchanges besides the structure as it is: 3 (a-b, a-c, b-c) for n ≤ T/4, 1 (a-c) for n ≤ T/2, else 0.</summary>
    public int AxisSwaps => Structures <= Target / 4.0 ? 3 : Structures <= Target / 2.0 ? 1 : 0;

    /// <summary>Images before translations, n' = n (swaps + 1).</summary>
    public int Originals => Kept * (AxisSwaps + 1);

    /// <summary>Translated images of each original.</summary>
    public int TranslationsEach => Target / Originals - 1;

    /// <summary>Further translated images, of structures drawn with replacement.</summary>
    public int Remainder => Target - (TranslationsEach + 1) * Originals;

    /// <summary>What image j of the composition is.</summary>
    /// <param name="image">0 to T - 1.</param>
    public PlannedImage this[int image]
    {
        get
        {
            int each = TranslationsEach + 1, original = image / each;
            return original < Originals
                ? new PlannedImage(original / (AxisSwaps + 1), Swap(original % (AxisSwaps + 1)), image % each != 0)
                : new PlannedImage(null, AxisSwap.None, true);
        }
    }

    private AxisSwap Swap(int number) => AxisSwaps == 1 && number == 1 ? AxisSwap.AC : (AxisSwap)number;
}

/// <summary>An exchange of two lattice vectors.</summary>
public enum AxisSwap
{
    /// <summary>None.</summary>
    None,

    /// <summary>a and b.</summary>
    AB,

    /// <summary>a and c.</summary>
    AC,

    /// <summary>b and c.</summary>
    BC,
}

/// <summary>One image of a plan.</summary>
/// <param name="Structure">Which structure of the composition; null for one drawn at random.</param>
/// <param name="Swap">Its axis exchange.</param>
/// <param name="IsTranslated">Whether its origin is moved and its rows are shuffled.</param>
public readonly record struct PlannedImage(int? Structure, AxisSwap Swap, bool IsTranslated);
