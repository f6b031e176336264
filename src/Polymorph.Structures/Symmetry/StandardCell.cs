namespace Polymorph.Structures.Symmetry;

/// <summary>Standard descriptions of a crystal, with the axes and the origin of its space group.</summary>
public enum StandardCell
{
    /// <summary>The conventional cell; atoms and lengths as they are, with their distortions.</summary>
    Conventional,

    /// <summary>The smallest cell; distortions within the tolerance are removed.</summary>
    Primitive,

    /// <summary>The conventional cell; distortions within the tolerance are removed, so that the symmetry holds to rounding.</summary>
    Refined,
}
