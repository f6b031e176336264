using Polymorph.Representations.CrystalImages;

namespace Polymorph.Selection.Compositions;

/// <summary>Draws crystal images of a wanted composition. Draw i of a composition is always the same. Used by one thread at a time.</summary>
public interface IConditionedImages
{
    /// <summary>Elements, caps and scales of the images.</summary>
    CrystalImageLayout Layout { get; }

    /// <summary>Draws images.</summary>
    /// <param name="first">Index of the first draw, a multiple of <see cref="CompositionSampler.Chunk"/>.</param>
    /// <param name="count">How many.</param>
    /// <param name="wanted">Atoms of each element.</param>
    /// <param name="images">[count × rows × 3], overwritten.</param>
    /// <param name="presence">The classifier's probability that each row holds an atom, [count × atom rows], overwritten.</param>
    /// <param name="energies">Predicted energy above the hull of each, eV/atom, overwritten; NaN where nothing is predicted.</param>
    void Draw(long first, int count, ReadOnlySpan<int> wanted, Span<float> images, Span<float> presence, Span<float> energies);
}

/// <summary>What says which rows of an image hold an atom.</summary>
public enum PresenceRule
{
    /// <summary>The classifier: probability above one half.</summary>
    Classifier,

    /// <summary>The sum of the row, see <see cref="CrystalImage.PresenceThreshold"/>.</summary>
    RowSum,

    /// <summary>The rows of each element that the classifier gives the highest probabilities, as many as wanted.</summary>
    Mask,
}
