namespace Polymorph.Energies.Neural.Training;

/// <summary>How far a potential is from labels.</summary>
/// <param name="Frames">Number of frames.</param>
/// <param name="EnergyMae">Mean |ΔE|/atoms, eV/atom.</param>
/// <param name="ForceMae">Mean |ΔF| over components, eV/Å.</param>
/// <param name="ForceRmse">Root of the mean square over components, eV/Å.</param>
public sealed record ParityErrors(int Frames, double EnergyMae, double ForceMae, double ForceRmse);

/// <summary>Sums of errors over frames.</summary>
internal sealed class ParitySums
{
    private int _frames;
    private long _components;
    private double _energy;
    private double _force;
    private double _square;

    public void Add(double energyError, int atoms, ReadOnlySpan<double> forces, ReadOnlySpan<double> labels)
    {
        _frames++;
        _energy += Math.Abs(energyError) / atoms;
        for (int k = 0; k < labels.Length; k++)
        {
            double error = forces[k] - labels[k];
            _force += Math.Abs(error);
            _square += error * error;
        }

        _components += labels.Length;
    }

    public ParityErrors Mean => new(_frames, _energy / _frames, _force / _components, Math.Sqrt(_square / _components));
}
