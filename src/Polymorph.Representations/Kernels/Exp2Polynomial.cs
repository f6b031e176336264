namespace Polymorph.Representations.Kernels;

/// <summary>2^f = 1 + C1 f + … + C6 f⁶ for |f| ≤ 1/2: the Taylor series, (ln 2)^k / k!; its remainder is below 1.2e-7 · 2^f.</summary>
internal static class Exp2Polynomial
{
    public const float C1 = 0.693147180559945f;
    public const float C2 = 0.240226506959101f;
    public const float C3 = 0.0555041086648216f;
    public const float C4 = 0.00961812910762848f;
    public const float C5 = 0.00133335581464284f;
    public const float C6 = 0.000154035303933816f;
}
