namespace Polymorph.Energies.Neural.Kernels;

/// <summary>Shapes of everything in a potential: the descriptors and the two networks of every element.</summary>
/// <remarks>Outputs of the first network: energy, messages, numbers handed on. Inputs of the second: the features of the second descriptor, then what was handed on.
/// A member's weights: the first networks of all elements, then the second ones.</remarks>
internal sealed class NeuralForm
{
    public NeuralForm(NeuralPotentialOptions options)
    {
        Descriptor = new DescriptorPlan(options);
        Elements = options.Elements.Length;
        Messages = options.Messages;
        Handed = Messages > 0 ? options.Handed : 0;
        First = new NetworkLayout(Descriptor.FeatureCount, options.HiddenWidths, 1 + Messages + Handed);
        if (Messages > 0)
        {
            Message = new MessagePlan(Descriptor, options);
            Second = new NetworkLayout(Message.FeatureCount + Handed, options.HiddenWidths, 1);
        }

        WeightCount = Elements * (First.Stride + (Second?.Stride ?? 0));
        StandardCount = 2 * Elements * (Message?.FeatureCount ?? 0);
    }

    public DescriptorPlan Descriptor { get; }

    /// <summary>The second descriptor; null without messages.</summary>
    public MessagePlan? Message { get; }

    public NetworkLayout First { get; }

    /// <summary>The second network; null without messages.</summary>
    public NetworkLayout? Second { get; }

    public int Elements { get; }

    public int Messages { get; }

    public int Handed { get; }

    /// <summary>Weights of a member.</summary>
    public int WeightCount { get; }

    /// <summary>Means and scales of a member's second descriptor, [elements × 2 × features].</summary>
    public int StandardCount { get; }
}
