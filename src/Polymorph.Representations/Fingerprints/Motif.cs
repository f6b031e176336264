namespace Polymorph.Representations.Fingerprints;

/// <summary>One contribution to an order parameter and the most it could be.</summary>
/// <param name="Value">The contribution.</param>
/// <param name="Weight">What it would be in the perfect motif.</param>
internal readonly record struct MotifTerm(double Value, double Weight)
{
    /// <summary>No contribution.</summary>
    public static MotifTerm None => default;

    /// <summary>A Gaussian penalty, times a factor.</summary>
    /// <param name="deviation">Deviation in units of the width.</param>
    /// <param name="factor">Factor.</param>
    public static MotifTerm Gauss(double deviation, double factor = 1) => new(factor * Math.Exp(-0.5 * deviation * deviation), 1);
}

/// <summary>The rule of an order parameter of a coordination motif. One neighbour is put at the north pole, a second one makes the prime meridian, the others follow.</summary>
/// <remarks>Zimmermann, Horton, Jain, Haranczyk, Frontiers in Materials 4 (2017) 34, eqs. 1 to 8; Peters, J. Chem. Phys. 131 (2009) 244103.
/// Angles in radian; deviations are taken in fractions of 180° times an inverse width, as published.</remarks>
internal abstract record Motif
{
    /// <summary>Contribution of the neighbour on the meridian.</summary>
    /// <param name="polar">Its angle from the pole.</param>
    public abstract MotifTerm Meridian(double polar);

    /// <summary>Contribution of a further neighbour as a candidate for the south pole.</summary>
    /// <param name="polar">Its angle from the north pole.</param>
    public virtual MotifTerm SouthPole(double polar) => MotifTerm.None;

    /// <summary>Contribution of a further neighbour by its place on the sphere.</summary>
    /// <param name="meridian">Polar angle of the neighbour on the meridian.</param>
    /// <param name="polar">Its own polar angle.</param>
    /// <param name="azimuth">Its azimuth from the meridian, 0 to π.</param>
    public abstract MotifTerm Around(double meridian, double polar, double azimuth);

    /// <summary>Squared cosine of a multiple of the azimuth.</summary>
    protected static double Lobes(double factor, double azimuth)
    {
        double cosine = Math.Cos(factor * azimuth);
        return cosine * cosine;
    }
}

/// <summary>All bonds make one angle with each other: bent, trigonal planar, tetrahedral.</summary>
/// <param name="Target">The angle, in fractions of 180°.</param>
/// <param name="Sharpness">Inverse width of the penalty.</param>
/// <param name="Azimuth">Lobes of the azimuth.</param>
internal sealed record EqualAngles(double Target, double Sharpness, double Azimuth = 1) : Motif
{
    public override MotifTerm Meridian(double polar) => MotifTerm.Gauss(Sharpness * (polar / Math.PI - Target));

    public override MotifTerm Around(double meridian, double polar, double azimuth) => MotifTerm.Gauss(Sharpness * (polar / Math.PI - Target), Lobes(Azimuth, azimuth));
}

/// <summary>A planar pentagon: angles of 72° and 144°.</summary>
/// <param name="Border">The angle that parts the two, in fractions of 180°.</param>
/// <param name="Sharpness">Inverse width.</param>
internal sealed record Pentagon(double Border, double Sharpness) : Motif
{
    public override MotifTerm Meridian(double polar) => Angle(polar, 1);

    public override MotifTerm Around(double meridian, double polar, double azimuth) => Angle(polar, Lobes(1, azimuth));

    private MotifTerm Angle(double polar, double factor) => MotifTerm.Gauss(Sharpness * (polar / Math.PI - (polar <= Border * Math.PI ? 0.4 : 0.8)), factor);
}

/// <summary>One apex and a ring at right angles to it: T-shaped, pyramids.</summary>
/// <param name="Sharpness">Inverse width about the equator.</param>
/// <param name="Azimuth">Lobes of the azimuth: half the ring's size.</param>
internal sealed record Pyramid(double Sharpness, double Azimuth) : Motif
{
    public override MotifTerm Meridian(double polar) => MotifTerm.Gauss(Sharpness * (polar / Math.PI - 0.5));

    public override MotifTerm Around(double meridian, double polar, double azimuth) => MotifTerm.Gauss(Sharpness * (polar / Math.PI - 0.5), Lobes(Azimuth, azimuth));
}

/// <summary>Two apices and a ring: square planar, octahedral, bipyramids, rectangular see-saw; with a tilted ring, hexagonal planar.</summary>
/// <param name="LeastPole">Smallest angle at which a neighbour counts as a south pole.</param>
/// <param name="PoleSharpness">Inverse width about the south pole.</param>
/// <param name="Sharpness">Inverse width about the ring.</param>
/// <param name="Azimuth">Lobes of the azimuth.</param>
/// <param name="Tilt">Angle of the ring's members from the equator, to both sides, in fractions of 180°.</param>
/// <param name="MostAzimuth">Azimuth beyond which neighbours do not count.</param>
internal sealed record Bipyramid(double LeastPole, double PoleSharpness, double Sharpness, double Azimuth, double Tilt = 0, double MostAzimuth = double.PositiveInfinity) : Motif
{
    public override MotifTerm Meridian(double polar) => polar < LeastPole ? Ring(polar, 1) : MotifTerm.None;

    public override MotifTerm SouthPole(double polar) => polar >= LeastPole ? MotifTerm.Gauss(PoleSharpness * (polar / Math.PI - 1)) : MotifTerm.None;

    public override MotifTerm Around(double meridian, double polar, double azimuth) =>
        polar < LeastPole && meridian < LeastPole && azimuth < MostAzimuth ? Ring(polar, Lobes(Azimuth, azimuth)) : MotifTerm.None;

    private MotifTerm Ring(double polar, double factor) => MotifTerm.Gauss(Sharpness * (Math.Abs(polar / Math.PI - 0.5) - Tilt), factor);
}

/// <summary>Twelve neighbours as in cubic close packing.</summary>
/// <remarks>The least angle of the south pole, the borders of the equator (75° and 105°) and the inverse widths are the published ones.</remarks>
internal sealed record Cuboctahedron : Motif
{
    private const double LeastPole = 2.792526803190927, PoleSharpness = 28.75, PoleWeight = 1.8, North = 1.3089969389957472, South = 1.8325957145940461;
    private const double EquatorSharpness = 25.5, LatitudeSharpness = 31.25, AzimuthSharpness = 0.0556, LatitudeCosine = 0.81649658;

    public override MotifTerm Meridian(double polar)
    {
        if (polar < LeastPole)
        {
            return MotifTerm.None;
        }

        var term = MotifTerm.Gauss(PoleSharpness * (polar / Math.PI - 1));
        return new MotifTerm(PoleWeight * term.Value, PoleWeight);
    }

    public override MotifTerm Around(double meridian, double polar, double azimuth)
    {
        if (!(polar < LeastPole && meridian is > North and < South) || polar is North or South)
        {
            return MotifTerm.None;
        }

        if (polar is > North and < South)
        {
            return MotifTerm.Gauss(EquatorSharpness * (polar / Math.PI - 0.5), Lobes(1, azimuth));
        }

        double turn = AzimuthSharpness * (Math.Cos(azimuth - Math.PI / 2) - LatitudeCosine);
        return MotifTerm.Gauss(LatitudeSharpness * (polar / Math.PI - (polar < North ? 1 / 3.0 : 2 / 3.0)), Math.Exp(-0.5 * turn * turn));
    }
}
