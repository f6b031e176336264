namespace Polymorph.Models.CrystalGan;

/// <summary>A training set of crystal images; image i is always the same.</summary>
public interface ICrystalImages
{
    /// <summary>Number of images.</summary>
    int Count { get; }

    /// <summary>One image.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    /// <param name="image">[rows × 3], overwritten: cell lengths and angles, then scaled positions; rows of absent atoms are zero.</param>
    /// <param name="counts">Atoms of each element, overwritten.</param>
    /// <returns>Energy above the hull of its crystal, eV/atom; NaN where it is not known.</returns>
    double Fill(int index, Span<float> image, Span<int> counts);
}
