using Polymorph.Energies.Neural;
using Polymorph.Energies.Neural.Kernels;
using Polymorph.Energies.Neural.Training;
using Polymorph.Learning;
using Polymorph.Structures;
using Xunit;

namespace Polymorph.Energies.Tests.Neural;

/// <summary>The gradient of the loss on energies and forces by the weights, in double precision, against finite differences of the loss.</summary>
public sealed unsafe class NeuralLossTests
{
    [Theory, InlineData(0, 1, true), InlineData(1, 2, true), InlineData(50, 3, true), InlineData(1, 4, false)]
    public void WeightGradientMatchesFiniteDifferences(double energyWeight, ulong seed, bool messages)
    {
        var options = messages ? NeuralCases.Options : NeuralCases.WithoutMessages;
        var potential = NeuralCases.Potential(options, 1, seed);
        var frames = Frames(options, seed);
        var form = potential.Form;
        var kernel = new BatchKernel<WideDouble8, double>(form, new NeuralLoss { EnergyWeight = energyWeight, EnergyScale = 0.5, ForceScale = 3, LargeForce = 5 }, potential.Standard);
        kernel.SetMessageStandard(potential.Members[0].MessageStandard);
        var parameters = new NetworkParameters<double>(form, potential.Members[0].Weights);
        double* gradient = stackalloc double[form.WeightCount];
        kernel.Loss(frames, parameters, gradient);
        double largest = 0;
        for (int k = 0; k < form.WeightCount; k++)
        {
            largest = Math.Max(largest, Math.Abs(gradient[k]));
        }

        Assert.True(largest > 1e-3, "a gradient of zero would pass");
        var sequence = new CounterRandom(seed, 9).Sequence(0);
        for (int trial = 0; trial < 200; trial++)
        {
            // Every other trial looks at the few weights behind the first layer.
            int k = Pick(form, trial, ref sequence);
            const double step = 1e-5;
            double old = parameters.Values[k];
            double expected = (At(old + step) - At(old - step)) / (2 * step);
            At(old);
            // Rounding of the loss (1e-15 of about 10) over the step, and the step's square.
            Assert.Equal(expected, gradient[k], 1e-7 * largest + 1e-8);

            double At(double value)
            {
                parameters.Values[k] = value;
                parameters.Transpose();
                return kernel.Loss(frames, parameters, null);
            }
        }

    }

    private static int Pick(NeuralForm form, int trial, ref RandomSequence sequence)
    {
        int element = sequence.NextIndex(form.Elements);
        var layout = form.Second is not null && trial % 4 < 2 ? form.Second : form.First;
        int first = (layout == form.Second ? form.Elements * form.First.Stride : 0) + element * layout.Stride;
        int skip = trial % 2 == 0 ? layout.Weights[1] : 0;
        return first + skip + sequence.NextIndex(layout.ParameterCount - skip);
    }

    private static TrainingFrame<double>[] Frames(NeuralPotentialOptions options, ulong seed)
    {
        var repulsion = new ScreenedRepulsion(options.Elements);
        var pairs = new PairList();
        Structure[] structures = [NeuralCases.Cluster(7, seed), NeuralCases.Cluster(13, seed + 1), NeuralCases.Crystal(4, seed + 2)];
        return [.. structures.Select(s => new TrainingFrame<double>(
            new(s, -3.0 * s.AtomCount, [.. s.Positions.Select(p => new Vector3D(Math.Sin(p.X), Math.Cos(p.Y), p.Z - 1))]), options.Elements, options.CutoffRadius, repulsion, pairs))];
    }
}
