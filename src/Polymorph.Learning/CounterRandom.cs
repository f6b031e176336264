namespace Polymorph.Learning;

/// <summary>Random numbers that are a function of their address (seed, stream, step, row, index) and of nothing else,
/// so that the split of the work or a resumed run never changes one.</summary>
/// <remarks>Philox4x32-10: Salmon, Moraes, Dror, Shaw, SC'11, doi 10.1145/2063384.2063405.</remarks>
public readonly struct CounterRandom : IEquatable<CounterRandom>
{
    private readonly uint _key0;
    private readonly uint _key1;
    private readonly uint _stream;

    /// <summary>The generator of one purpose within one seed.</summary>
    /// <param name="seed">The user's seed.</param>
    /// <param name="stream">What the numbers are for; different purposes must use different streams.</param>
    public CounterRandom(ulong seed, uint stream) => (_key0, _key1, _stream) = ((uint)seed, (uint)(seed >> 32), stream);

    /// <summary>The numbers of one row of one step, read one after the other.</summary>
    /// <param name="step">Step, epoch or draw.</param>
    /// <param name="row">Row, structure or atom.</param>
    public RandomSequence Sequence(uint step, uint row = 0) => new(this, step, row);

    /// <summary>Four independent 32-bit words at an address.</summary>
    /// <param name="step">Step, epoch or draw.</param>
    /// <param name="row">Row, structure or atom.</param>
    /// <param name="block">Index of the block within the row.</param>
    public (uint W0, uint W1, uint W2, uint W3) Block(uint step, uint row, uint block)
    {
        uint c0 = block, c1 = row, c2 = step, c3 = _stream, k0 = _key0, k1 = _key1;
        for (int round = 0; round < 10; round++)
        {
            ulong p0 = 0xD2511F53UL * c0, p1 = 0xCD9E8D57UL * c2;
            (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ k1, (uint)p0);
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }

        return (c0, c1, c2, c3);
    }

    /// <inheritdoc/>
    public bool Equals(CounterRandom other) => _key0 == other._key0 && _key1 == other._key1 && _stream == other._stream;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is CounterRandom other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_key0, _key1, _stream);

    /// <summary>Same seed and stream.</summary>
    public static bool operator ==(CounterRandom a, CounterRandom b) => a.Equals(b);

    /// <summary>Another seed or stream.</summary>
    public static bool operator !=(CounterRandom a, CounterRandom b) => !a.Equals(b);
}

/// <summary>Reads the numbers of one address in order. A mutable value: pass it by reference.</summary>
public struct RandomSequence
{
    private readonly CounterRandom _source;
    private readonly uint _step;
    private readonly uint _row;
    private (uint W0, uint W1, uint W2, uint W3) _block;
    private uint _next;
    private double _spareNormal = double.NaN;

    internal RandomSequence(CounterRandom source, uint step, uint row) => (_source, _step, _row) = (source, step, row);

    /// <summary>32 random bits.</summary>
    public uint NextBits()
    {
        uint word = _next++;
        if ((word & 3) == 0)
        {
            _block = _source.Block(_step, _row, word >> 2);
        }

        return (word & 3) switch { 0 => _block.W0, 1 => _block.W1, 2 => _block.W2, _ => _block.W3 };
    }

    /// <summary>Uniform in [0, 1), 24 bits.</summary>
    public float NextSingle() => (NextBits() >> 8) * (1f / (1 << 24));

    /// <summary>Uniform in [0, 1), 53 bits.</summary>
    public double NextDouble() => (((ulong)NextBits() << 21) ^ (NextBits() >> 11)) * (1.0 / (1UL << 53));

    /// <summary>Uniform in 0..<paramref name="count"/>-1; the bias is below count / 2³².</summary>
    /// <param name="count">Number of values, at least 1.</param>
    public int NextIndex(int count) => (int)(((ulong)NextBits() * (uint)count) >> 32);

    /// <summary>Standard normal (Box and Muller), in pairs.</summary>
    public double NextNormal()
    {
        if (!double.IsNaN(_spareNormal))
        {
            double spare = _spareNormal;
            _spareNormal = double.NaN;
            return spare;
        }

        double radius = Math.Sqrt(-2 * Math.Log(1 - NextDouble()));
        var (sine, cosine) = Math.SinCos(2 * Math.PI * NextDouble());
        _spareNormal = radius * sine;
        return radius * cosine;
    }

    /// <summary>Fills with standard normal numbers.</summary>
    /// <param name="result">Overwritten.</param>
    public void FillNormal(Span<float> result)
    {
        foreach (ref float value in result)
        {
            value = (float)NextNormal();
        }
    }
}
