using System.Globalization;
using Polymorph.Foundation;
using Polymorph.Models.CrystalGan;
using Polymorph.Models.LoGan;
using Polymorph.Representations.CrystalImages;
using Polymorph.Selection.Compositions;
using Polymorph.Structures;

namespace Polymorph.Studies.CrystalGan;

/// <summary>The networks of a run, trained and asked.</summary>
internal static class CrystalGanModel
{
    // The generator's distance term computes cells from angles in units of 180 degrees.
    private const double AngleUnit = 180;

    /// <summary>The settings of a plan.</summary>
    public static CrystalGanOptions Options(CrystalGanPlan plan, CrystalImageLayout layout)
    {
        var preset = plan.Preset switch { "published" => CrystalGanOptions.Published(), "paper" => CrystalGanOptions.Paper(), _ => CrystalGanOptions.Polymorph() };
        return preset with
        {
            Epochs = plan.Epochs,
            Batch = plan.Batch,
            CriticUpdates = plan.CriticUpdates,
            GeneratorRate = plan.LearningRate ?? preset.GeneratorRate,
            CriticRate = plan.LearningRate ?? preset.CriticRate,
            ClassifierRate = plan.LearningRate / 2 ?? preset.ClassifierRate,
            Widths = Divided(preset.Widths, plan.WidthDivisor),
            DistanceWeight = layout.AngleScale == AngleUnit ? preset.DistanceWeight : 0,
        };
    }

    /// <summary>A training before its first batch.</summary>
    public static ICrystalGanTraining NewTraining(CrystalGanSession session) => new Training(new CrystalGanTrainer(
        Options(session.Plan, session.Data.Layout), new CrystalGanShape(session.Data.Layout.Caps), new Images(session.Data), session.Plan.Seed, session.Plan.Threads), session.Data);

    /// <summary>The model as its training has left it, finished or at its last checkpoint, and of how many draws one is to be kept.</summary>
    /// <exception cref="PolymorphException">PM7018: the model cannot do what is asked; PM7010: there is no checkpoint yet; PM7017: the file holds another model; PM4101 to PM4104: it is damaged.</exception>
    public static (IConditionedImages Images, int Candidates) LoadImages(CrystalGanSession session, CrystalGanRequest request)
    {
        string file = session.Folder.ModelFile(CrystalGanRun.Name);
        if (!File.Exists(file) && !File.Exists(file = session.Folder.CheckpointFile(CrystalGanRun.Name)))
        {
            throw new PolymorphException("PM7010", "the model of this run has no checkpoint yet", session.Folder.Root, "Train it first: 'polymorph train RUN'.", ExitCode.Usage);
        }

        var (generator, notes) = CrystalGanModelFile.LoadGenerator(file, request.Threads ?? session.Plan.Threads);
        Refine(generator, session.Data, request);
        return generator.Seed == session.Plan.Seed && notes.GetValueOrDefault(LayoutNote) == session.Data.Layout.ToString()
            ? (new Draws(generator, session.Data.Layout, request.RunningStatistics ? GenerationStatistics.Running : GenerationStatistics.Batch, request.Series), request.Candidates ?? (generator.KnowsEnergies ? DefaultCandidates : 1))
            : throw new PolymorphException("PM7017", "this is not the model of the run: its seed or its elements are others", file, "Put its own file back, or remove this one to train the model again.");
    }

    /// <summary>Sets how draws are refined, and says what cannot be done.</summary>
    private static void Refine(CrystalGanGenerator generator, PreparedSet data, CrystalGanRequest request)
    {
        if (!generator.CanRefine && request.RefinementSteps > 0)
        {
            throw new PolymorphException("PM7018", "the critic of this model does not read distances: it cannot refine", null, "Leave --refine away, or train with the preset polymorph.", ExitCode.Usage);
        }

        if (!generator.KnowsEnergies && request.Candidates > 1)
        {
            throw new PolymorphException("PM7018", "this model knows no energies: it cannot choose among candidates", null,
                $"Leave --best-of away, or prepare structures that have the property '{TrainingEnergy.Property}' in eV/atom and train again.", ExitCode.Usage);
        }

        int steps = request.RefinementSteps ?? DefaultSteps;
        if (generator.CanRefine && steps > 0)
        {
            var typical = TypicalGeometry.Of(data.Training);
            generator.Refine(new CrystalRefinementOptions
            {
                Steps = steps,
                Distances = [.. from a in data.Layout.Blocks from b in data.Layout.Blocks select typical.Distance(a.Element, b.Element)],
                Volumes = typical.Volumes,
            });
        }
    }

    private const int DefaultSteps = 300;
    private const int DefaultCandidates = 5;
    private const string LayoutNote = "elements";

    private static CrystalGanWidths Divided(CrystalGanWidths w, int divisor)
    {
        return new CrystalGanWidths
        {
            Latent = Part(w.Latent),
            Generator0 = Part(w.Generator0),
            Generator1 = Part(w.Generator1),
            Generator2 = Part(w.Generator2),
            Generator3 = Part(w.Generator3),
            Cell = Part(w.Cell),
            Critic1 = Part(w.Critic1),
            Critic2 = Part(w.Critic2),
            Critic3 = Part(w.Critic3),
            CriticHidden1 = Part(w.CriticHidden1),
            CriticHidden2 = Part(w.CriticHidden2),
            CriticOutputs = w.CriticOutputs,
            Classifier1 = Part(w.Classifier1),
            Classifier2 = Part(w.Classifier2),
            Classifier3 = Part(w.Classifier3),
            ClassifierHidden1 = Part(w.ClassifierHidden1),
            ClassifierHidden2 = Part(w.ClassifierHidden2),
        };

        int Part(int width) => Math.Max(1, width / divisor);
    }

    private sealed class Images(PreparedSet data) : ICrystalImages
    {
        private readonly AugmentedImages _images = data.Images();
        private readonly double[] _energies = [.. PreparedSet.WithDoubled(data.Training, data.Layout, data.Supercells).Select(TrainingEnergy.Of)];

        public int Count => _images.Count;

        public double Fill(int index, Span<float> image, Span<int> counts) => _energies[_images.Fill(index, image, counts)];
    }

    private sealed class Training(CrystalGanTrainer trainer, PreparedSet data) : ICrystalGanTraining
    {
        private readonly SampleLimits _limits = SampleLimits.Of(data.Statistics);
        private readonly Dictionary<string, string> _notes = new(StringComparer.Ordinal) { [LayoutNote] = data.Layout.ToString() };

        public int Epoch => trainer.Epoch;

        public int Batch => trainer.Batch;

        public int Batches => trainer.Batches;

        public LoGanStatistics Statistics => new(-trainer.Statistics.GeneratorScore, trainer.Statistics.Wasserstein, trainer.Statistics.SlopeNorm);

        public string Details => string.Create(CultureInfo.InvariantCulture, $"critic {trainer.Statistics.CriticLoss:0.000}{(trainer.Statistics.EnergyError > 0 ? $", energy error {1000 * trainer.Statistics.EnergyError:0} meV/atom" : "")}{(trainer.Options.Masked ? "" : Classifier())}");

        public double ValidShare()
        {
            var layout = data.Layout;
            var images = new float[trainer.Options.Batch * layout.Length];
            int count = trainer.Sample(images), valid = 0;
            Span<double> image = new double[layout.Length];
            Span<bool> present = new bool[layout.AtomRows];
            for (int s = 0; s < count; s++)
            {
                for (int i = 0; i < image.Length; i++)
                {
                    image[i] = images[s * image.Length + i];
                }

                CrystalImage.PresenceBySum(image, layout, present);
                valid += CrystalImage.Decode(image, layout, present, default).Structure is { } crystal && _limits.Check(crystal) is null ? 1 : 0;
            }

            return (double)valid / Math.Max(1, count);
        }

        public void Step() => trainer.RunBatch();

        public void Save(string path) => CrystalGanModelFile.Save(trainer, path, _notes);

        public void Resume(string path) => CrystalGanModelFile.Resume(trainer, path);

        // Where compositions are exact by masking, the classifier is not trained.
        private string Classifier() => string.Create(CultureInfo.InvariantCulture,
            $", classifier {trainer.Statistics.AtomLoss:0.000} rows {trainer.Statistics.CountLoss:0.000} counts, generated counts {trainer.Statistics.GeneratedCountLoss:0.000}");
    }

    /// <summary>Draws are numbered from a start of their own in each series.</summary>
    private sealed class Draws(CrystalGanGenerator generator, CrystalImageLayout layout, GenerationStatistics statistics, uint series) : IConditionedImages
    {
        private const int SeriesShift = 32;

        private readonly float[] _images = new float[generator.PassSize * layout.Length];
        private readonly float[] _presence = new float[generator.PassSize * layout.AtomRows];
        private readonly float[] _energies = new float[generator.PassSize];

        public CrystalImageLayout Layout => layout;

        public void Draw(long first, int count, ReadOnlySpan<int> wanted, Span<float> images, Span<float> presence, Span<float> energies)
        {
            long start = ((long)series << SeriesShift) + first;

            // Passes begin at multiples of their size, so that with statistics of the batch a draw has the same neighbours however it is asked for.
            for (long pass = start / generator.PassSize * generator.PassSize; pass < start + count; pass += generator.PassSize)
            {
                generator.Fill(pass, generator.PassSize, wanted, _images, _presence, _energies, statistics);
                int from = (int)Math.Max(0, start - pass), to = (int)Math.Min(generator.PassSize, start + count - pass), at = (int)(pass + from - start);
                _images.AsSpan(from * layout.Length, (to - from) * layout.Length).CopyTo(images[(at * layout.Length)..]);
                _presence.AsSpan(from * layout.AtomRows, (to - from) * layout.AtomRows).CopyTo(presence[(at * layout.AtomRows)..]);
                _energies.AsSpan(from, to - from).CopyTo(energies[at..]);
            }
        }
    }
}
