namespace Polymorph.Representations.LocalDescriptors;

/// <summary>The radial functions of a power spectrum.</summary>
public enum RadialBasis
{
    /// <summary>Orthonormal combinations of spherical Bessel functions; value and slope vanish at the cutoff.</summary>
    Bessel,

    /// <summary>Gaussians with decay lengths between 1 Å and the cutoff, shifted to zero at the cutoff; the slope jumps there.</summary>
    Gaussian,
}
