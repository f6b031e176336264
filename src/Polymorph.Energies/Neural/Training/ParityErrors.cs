namespace Polymorph.Energies.Neural.Training;

/// <summary>How far a potential is from labels.</summary>
/// <param name="Frames">Number of frames.</param>
/// <param name="EnergyMae">Mean |ΔE|/atoms, eV/atom.</param>
/// <param name="ForceMae">Mean |ΔF| over components, eV/Å.</param>
/// <param name="ForceRmse">Root of the mean square over components, eV/Å.</param>
public sealed record ParityErrors(int Frames, double EnergyMae, double ForceMae, double ForceRmse);

/// <summary>Sums of errors by kind of frame; the empty kind is all frames.</summary>
internal sealed class ParityTable
{
    private readonly SortedDictionary<string, Sums> _kinds = new(StringComparer.Ordinal);

    /// <summary>Errors so far.</summary>
    public SortedDictionary<string, ParityErrors> Means => new(_kinds.ToDictionary(k => k.Key, k => k.Value.Mean), StringComparer.Ordinal);

    /// <summary>Adds a frame.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="energyError">Error of its energy, eV.</param>
    /// <param name="forces">Forces, [atoms × 3], eV/Å.</param>
    /// <param name="labels">Their labels.</param>
    public void Add(string kind, double energyError, ReadOnlySpan<double> forces, ReadOnlySpan<double> labels)
    {
        Of("").Add(energyError, forces, labels);
        if (kind.Length > 0)
        {
            Of(kind).Add(energyError, forces, labels);
        }
    }

    private Sums Of(string kind)
    {
        if (!_kinds.TryGetValue(kind, out var sums))
        {
            _kinds[kind] = sums = new Sums();
        }

        return sums;
    }

    private sealed class Sums
    {
        private int _frames;
        private long _components;
        private double _energy;
        private double _force;
        private double _square;

        public ParityErrors Mean => new(_frames, _energy / _frames, _force / _components, Math.Sqrt(_square / _components));

        public void Add(double energyError, ReadOnlySpan<double> forces, ReadOnlySpan<double> labels)
        {
            _frames++;
            _energy += Math.Abs(energyError) / (labels.Length / 3);
            for (int k = 0; k < labels.Length; k++)
            {
                double error = forces[k] - labels[k];
                _force += Math.Abs(error);
                _square += error * error;
            }

            _components += labels.Length;
        }
    }
}
