using System.Globalization;
using Polymorph.Foundation;
using Polymorph.Learning;
using Polymorph.Learning.Safetensors;

namespace Polymorph.Energies.Neural.Training;

/// <summary>State of one member's training on disk: weights, optimiser, running average, best weights. The random state is seed and epoch, because every draw is addressed by them.</summary>
internal static class MemberCheckpoint
{
    private const string Format = "polymorph.neural-member/1";

    /// <summary>Writes the state, atomically.</summary>
    /// <param name="trainer">The member.</param>
    /// <param name="signature">Text that tells data and settings.</param>
    /// <param name="path">The file to create or replace.</param>
    public static void Save(NeuralMemberTrainer trainer, string signature, string path) => new SafetensorsFile(
        new Dictionary<string, Tensor>
        {
            ["parameters"] = Tensor.From(trainer.Parameters),
            ["mean"] = Tensor.From(trainer.Mean),
            ["square"] = Tensor.From(trainer.Square),
            ["average"] = Tensor.From(trainer.Average),
            ["best"] = Tensor.From(trainer.Best),
            ["messageStandard"] = new([trainer.MessageStandard.Length], [.. trainer.MessageStandard.Select(v => (double)v)], IsDouble: false),
        },
        new Dictionary<string, string>
        {
            ["format"] = Format,
            ["signature"] = signature,
            ["member"] = trainer.Member.ToString(CultureInfo.InvariantCulture),
            ["epoch"] = trainer.Epoch.ToString(CultureInfo.InvariantCulture),
            ["bestEpoch"] = trainer.BestEpoch.ToString(CultureInfo.InvariantCulture),
            ["bestLoss"] = trainer.BestLoss.ToString("R", CultureInfo.InvariantCulture),
            ["trainingLoss"] = trainer.TrainingLoss.ToString("R", CultureInfo.InvariantCulture),
        }).Write(path);

    /// <summary>Brings a new trainer to the state of a file.</summary>
    /// <param name="trainer">Made with the same set, settings and index.</param>
    /// <param name="signature">Text that tells data and settings.</param>
    /// <param name="path">A file that <see cref="Save"/> wrote.</param>
    /// <exception cref="PolymorphException">PM4101 to PM4103: unreadable or damaged; PM6144: a checkpoint of another training.</exception>
    public static void Resume(NeuralMemberTrainer trainer, string signature, string path)
    {
        var file = SafetensorsFile.Read(path);
        try
        {
            if (file.Metadata.GetValueOrDefault("format") != Format || file.Metadata["signature"] != signature || file.Integer("member") != trainer.Member)
            {
                throw new FormatException("it was made with other frames or settings");
            }

            (string Name, AlignedMatrix To)[] parts = [("parameters", trainer.Parameters), ("mean", trainer.Mean), ("square", trainer.Square), ("average", trainer.Average), ("best", trainer.Best)];
            if (parts.Any(p => file.Tensors[p.Name].Values.Length != p.To.Columns))
            {
                throw new FormatException("its networks have another size");
            }

            var (epoch, bestEpoch) = (checked((int)file.Integer("epoch")), checked((int)file.Integer("bestEpoch")));
            double best = double.Parse(file.Metadata["bestLoss"], CultureInfo.InvariantCulture), loss = double.Parse(file.Metadata["trainingLoss"], CultureInfo.InvariantCulture);
            float[] standard = [.. file.Tensors["messageStandard"].Values.Select(v => (float)v)];
            foreach (var (name, to) in parts)
            {
                file.Tensors[name].CopyTo(to);
            }

            trainer.Resumed(epoch, bestEpoch, best, loss, standard);
        }
        catch (Exception e) when (e is FormatException or KeyNotFoundException or ArgumentException or OverflowException)
        {
            throw new PolymorphException("PM6144", $"the checkpoint belongs to another training: {e.Message}", path,
                "Give the frames and options it was begun with, choose another --out, or remove the checkpoint to begin anew.", inner: e);
        }
    }
}
