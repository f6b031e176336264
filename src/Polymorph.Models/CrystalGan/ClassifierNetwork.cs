using System.Collections.Immutable;
using Polymorph.Learning.Layers;

namespace Polymorph.Models.CrystalGan;

/// <summary>Says of every row whether it holds an atom, and of every element how many it has; one branch per element.</summary>
/// <remarks>The published cell branch is never trained and so left out.</remarks>
/// <typeparam name="TMatrix">Matrices of the precision at hand.</typeparam>
internal sealed class ClassifierNetwork<TMatrix> : RowNetwork<TMatrix>
    where TMatrix : class, IRowMatrix<TMatrix>
{
    private const double WideEpsilon = 0.8;
    private const double Slope = 0.2;

    /// <summary>A network with all parameters zero.</summary>
    public ClassifierNetwork(ILayerKernels<TMatrix> kernels, CrystalGanShape shape, CrystalGanWidths widths, int batch)
        : base(kernels, MakePlan(shape, widths))
    {
        Branches = [.. shape.Caps.Select((cap, e) =>
        {
            RowLayer<TMatrix>[] c = [.. Enumerable.Range(1, 4).Select(i => Layer($"e{e}.c{i}"))], l = [.. Enumerable.Range(1, 3).Select(i => Layer($"e{e}.l{i}"))];
            NormLayer<TMatrix>[] b = [.. Enumerable.Range(1, 3).Select(i => Norm($"e{e}.b{i}", c[i - 1], WideEpsilon, Slope))], d = [.. Enumerable.Range(1, 2).Select(i => Norm($"e{e}.d{i}", l[i - 1], WideEpsilon, Slope))];
            return new ClassifierBranch<TMatrix>(cap, shape.FirstRows[e], c, b, l, d, batch);
        })];
    }

    /// <summary>One branch per element.</summary>
    public ImmutableArray<ClassifierBranch<TMatrix>> Branches { get; }

    /// <summary>A forward pass of all branches over images [batch × 3 rows].</summary>
    public void Forward(TMatrix images, int batch, bool training)
    {
        foreach (var branch in Branches)
        {
            branch.Forward(images, batch, training);
        }
    }

    /// <summary>Gradients of all parameters, after the seeds of all branches are written.</summary>
    public void Backward(int batch)
    {
        foreach (var branch in Branches)
        {
            branch.Backward(batch);
        }
    }

    private static TensorPlan MakePlan(CrystalGanShape shape, CrystalGanWidths widths)
    {
        var plan = new TensorPlan();
        int hidden1 = TensorPlan.Pad(widths.ClassifierHidden1), hidden2 = TensorPlan.Pad(widths.ClassifierHidden2);
        for (int e = 0; e < shape.Caps.Length; e++)
        {
            int cap = shape.Caps[e];
            plan.FirstConvolution($"e{e}.c1", widths.Classifier1);
            plan.Norm($"e{e}.b1", widths.Classifier1);
            plan.Convolution($"e{e}.c2", widths.Classifier1, widths.Classifier2, TensorPlan.Pad(widths.Classifier2));
            plan.Norm($"e{e}.b2", widths.Classifier2);
            plan.Convolution($"e{e}.c3", widths.Classifier2, widths.Classifier3, TensorPlan.Pad(widths.Classifier3));
            plan.Norm($"e{e}.b3", widths.Classifier3);
            plan.Convolution($"e{e}.c4", widths.Classifier3, 2, 2);
            plan.Linear($"e{e}.l1", 2 * cap, widths.ClassifierHidden1, 2 * cap, hidden1);
            plan.Norm($"e{e}.d1", widths.ClassifierHidden1);
            plan.Linear($"e{e}.l2", widths.ClassifierHidden1, widths.ClassifierHidden2, hidden1, hidden2);
            plan.Norm($"e{e}.d2", widths.ClassifierHidden2);
            plan.Linear($"e{e}.l3", widths.ClassifierHidden2, cap, hidden2, cap);
        }

        return plan;
    }
}
