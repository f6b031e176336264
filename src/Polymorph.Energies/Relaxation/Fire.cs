namespace Polymorph.Energies.Relaxation;

/// <summary>FIRE: damped dynamics that stops whenever it runs uphill. Slow near a minimum, but never led astray by a wrong idea of the curvature.</summary>
/// <remarks>Bitzek, Koskinen, Gähler, Moseler, Gumbsch, Phys. Rev. Lett. 97 (2006) 170201, with the order of integration, mixing and the half step back of FIRE 2.0:
/// Guénolé et al., Comput. Mater. Sci. 175 (2020) 109584. Unit masses; time in Å/√eV.</remarks>
internal sealed class Fire(int variables, double firstTimeStep, double longestTimeStep)
{
    private const int Delay = 5;
    private const double Growth = 1.1;
    private const double Shrink = 0.5;
    private const double FirstMixing = 0.25;
    private const double MixingDecay = 0.99;
    private const double ShortestTimeStep = 1e-3;

    private readonly double[] _velocity = new double[variables];
    private double _timeStep = firstTimeStep;
    private double _mixing = FirstMixing;
    private int _downhill;

    /// <summary>The next step from a point with this gradient, before any guard.</summary>
    public double[] Step(double[] gradient)
    {
        var step = new double[gradient.Length];
        double power = -LimitedMemory.Dot(_velocity, gradient);
        if (power > 0)
        {
            if (++_downhill > Delay)
            {
                _timeStep = Math.Min(_timeStep * Growth, longestTimeStep);
                _mixing *= MixingDecay;
            }
        }
        else if (_downhill > 0 || LimitedMemory.Dot(_velocity, _velocity) > 0)
        {
            // Half a step back to where the energy was still falling, then from rest.
            for (int i = 0; i < step.Length; i++)
            {
                step[i] = -0.5 * _timeStep * _velocity[i];
            }

            _timeStep = Math.Max(_timeStep * Shrink, ShortestTimeStep);
            Rest();
        }

        for (int i = 0; i < _velocity.Length; i++)
        {
            _velocity[i] -= _timeStep * gradient[i];
        }

        double speed = Math.Sqrt(LimitedMemory.Dot(_velocity, _velocity)), slope = Math.Sqrt(LimitedMemory.Dot(gradient, gradient));
        for (int i = 0; i < step.Length; i++)
        {
            _velocity[i] = (1 - _mixing) * _velocity[i] - (slope > 0 ? _mixing * speed / slope * gradient[i] : 0);
            step[i] += _timeStep * _velocity[i];
        }

        return step;
    }

    /// <summary>Tells that a step was shortened by this factor: the velocity follows.</summary>
    public void Shortened(double factor)
    {
        foreach (ref double v in _velocity.AsSpan())
        {
            v *= factor;
        }
    }

    /// <summary>Starts again from rest with a shorter time step: the last step led nowhere.</summary>
    public void Restart()
    {
        _timeStep = Math.Max(_timeStep * Shrink, ShortestTimeStep);
        Rest();
    }

    private void Rest()
    {
        Array.Clear(_velocity);
        (_mixing, _downhill) = (FirstMixing, 0);
    }
}
