namespace Polymorph.Models.Cgcnn;

/// <summary>Streams of random numbers, one per purpose; members of an ensemble stand a stride apart.</summary>
internal static class CgcnnRandomStreams
{
    public const uint Split = 600;
    public const uint Weights = 601;
    public const uint Order = 602;
    public const uint Drops = 603;

    /// <summary>Distance of two members' streams.</summary>
    public const uint Stride = 1000;
}
