namespace Polymorph.Models.Cgcnn;

/// <summary>What the published models predict.</summary>
/// <remarks>Source: README of txie-93/cgcnn, folder pre-trained; the training data are the Materials Project's, computed with PBE or PBE+U.
/// The base of the logarithms is 10: the training mean of 1.975 is then 94 GPa.</remarks>
internal static class PublishedCgcnn
{
    /// <summary>Name, property and unit of a published model; null for another name.</summary>
    public static (string Property, string Unit)? Find(string model) => model switch
    {
        "band-gap" => (model, "eV"),
        "bulk-moduli" => (model, "log10(GPa)"),
        "efermi" => (model, "eV"),
        "final-energy-per-atom" => (model, "eV/atom"),
        "formation-energy-per-atom" => (model, "eV/atom"),
        "poisson-ratio" => (model, "1"),
        "semi-metal-classification" => (model, "probability of a metal"),
        "shear-moduli" => (model, "log10(GPa)"),
        _ => null,
    };

    /// <summary>Mean absolute error on crystals that had no influence, as the paper states it; null where only the error of the crystals that chose the epoch is known here.</summary>
    /// <remarks>T. Xie and J. C. Grossman, Phys. Rev. Lett. 120, 145301 (2018), table I: 0.388 eV.</remarks>
    public static double? MeanAbsoluteError(string model) => model == "band-gap" ? 0.39 : null;

    /// <summary>What its predictions are, in words.</summary>
    public static string Level(string model) => model == "band-gap"
        ? "estimates of PBE band gaps, which are far below measured ones; learnt from relaxed crystals of the Materials Project"
        : "estimates at the level of PBE or PBE+U, learnt from relaxed crystals of the Materials Project";
}
