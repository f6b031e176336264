using Polymorph.Representations.CrystalImages;

namespace Polymorph.Studies.CrystalGan;

/// <summary>How a training set of the Crystal GAN is made. Defaults: Kim et al. 2020, doi 10.1021/acscentsci.0c00426, except the share held out and the corrected supercells.</summary>
public sealed record PreparationOptions
{
    /// <summary>Elements and caps; null for the smallest that hold the structures.</summary>
    public CrystalImageLayout? Layout { get; init; }

    /// <summary>Divisor of cell lengths, Å, where <see cref="Layout"/> is null.</summary>
    public double LengthScale { get; init; } = 30;

    /// <summary>Divisor of cell angles, degrees, where <see cref="Layout"/> is null.</summary>
    public double AngleScale { get; init; } = 180;

    /// <summary>Images of each cell composition.</summary>
    public int PerComposition { get; init => field = value is >= 1 and <= 1_000_000 ? value : throw new ArgumentOutOfRangeException(nameof(PerComposition), value, "expected 1 to 1 000 000"); } = 1000;

    /// <summary>Share of the structures of each composition that is set aside before augmentation, 0 to below 1.</summary>
    public double HoldOut { get; init => field = value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(HoldOut), value, "expected a share from 0 to below 1"); }

    /// <summary>Whether crystals that repeat an earlier one of their cell composition stay.</summary>
    public bool KeepDuplicates { get; init; }

    /// <summary>Whether images get random origins, as published; without them special positions stay special.</summary>
    public bool Translated { get; init; } = true;

    /// <summary>Doubled cells.</summary>
    public DoublingRule Supercells { get; init; } = DoublingRule.Corrected;

    /// <summary>Whether a set of a single composition is allowed.</summary>
    public bool AllowOneComposition { get; init; }

    /// <summary>Whether the first structure that cannot be used stops the preparation.</summary>
    public bool Strict { get; init; }

    /// <summary>Seed of choices and of every image.</summary>
    public ulong Seed { get; init; }

    /// <summary>Threads; the result does not depend on it.</summary>
    public int Threads { get; init => field = Math.Max(1, value); } = 1;
}
