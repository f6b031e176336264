namespace Polymorph.Models.LoGan;

/// <summary>What each stream of random numbers of a model is for. Part of the format: changing a value changes every result.</summary>
internal static class LoGanRandomStreams
{
    public const uint GeneratorWeights = 1;
    public const uint CriticWeights = 2;
    public const uint Rattle = 3;
    public const uint PoolSamples = 4;
    public const uint Latents = 5;
    public const uint RealSamples = 6;
    public const uint MixWeights = 7;
    public const uint Generation = 8;
}
