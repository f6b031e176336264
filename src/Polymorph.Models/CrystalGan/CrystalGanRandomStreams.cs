namespace Polymorph.Models.CrystalGan;

/// <summary>What each stream of random numbers of a model is for. Part of the format: changing a value changes every result.</summary>
internal static class CrystalGanRandomStreams
{
    public const uint GeneratorWeights = 0x43470001;
    public const uint CriticWeights = 0x43470002;
    public const uint ClassifierWeights = 0x43470003;
    public const uint Order = 0x43470004;
    public const uint Latents = 0x43470005;
    public const uint GeneratorLatents = 0x43470006;
    public const uint Conditions = 0x43470007;
    public const uint Arrangements = 0x43470008;
    public const uint MixWeights = 0x43470009;
    public const uint Noise = 0x4347000A;
    public const uint Generation = 0x4347000B;
    public const uint Disturbances = 0x4347000C;
    public const uint Refinement = 0x4347000E;
    public const uint StabilityWeights = 0x4347000D;
}
