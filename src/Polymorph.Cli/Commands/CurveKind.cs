namespace Polymorph.Cli.Commands;

/// <summary>Curves and counts of one structure.</summary>
internal enum CurveKind
{
    /// <summary>Powder X-ray pattern.</summary>
    Xrd,

    /// <summary>Radial distribution functions.</summary>
    Rdf,

    /// <summary>Coordination numbers.</summary>
    Coordination,

    /// <summary>Bond lengths.</summary>
    Bonds,

    /// <summary>Bond angles.</summary>
    Angles,
}
