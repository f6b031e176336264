namespace Polymorph.Representations.Kernels;

/// <summary>2^f = 1 + C1 f + … + C6 f⁶ for |f| ≤ 1/2, relative error 5e-9: (2^f − 1) / f interpolated at the six Chebyshev nodes of [−1/2, 1/2].</summary>
internal static class Exp2Polynomial
{
    public const float C1 = 0.693147188026229f;
    public const float C2 = 0.240226507605681f;
    public const float C3 = 0.0555035711421895f;
    public const float C4 = 0.00961808255727838f;
    public const float C5 = 0.00133908633647372f;
    public const float C6 = 0.000154531629461877f;
}
