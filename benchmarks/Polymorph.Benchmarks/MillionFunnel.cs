using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Polymorph.Learning;
using Polymorph.Representations.LocalDescriptors;
using Polymorph.Selection;
using Polymorph.Structures;

namespace Polymorph.Benchmarks;

/// <summary>Silica structures of 18 atoms through distances, repeats, principal components and k-means in one run; a million, or the given number.</summary>
/// <remarks>The structures are quartz in a doubled cell, displaced at random: by a little or by much, so that two fifths fail the check of distances. Every tenth is an
/// earlier one moved as a whole, with like atoms exchanged. A killed run goes on when the same journal is named again; the digest is that of an unbroken run.</remarks>
internal static class MillionFunnel
{
    private const double Duplicates = 1e-3;

    // Alpha-quartz (a 4.913 Å, c 5.405 Å), Wyckoff 3a and 6c of P3(2)21: L. Levien, C. T. Prewitt, D. J. Weidner, Am. Mineral. 65 (1980) 920.
    private const double A = 4.9134, C = 5.4052, U = 0.4697, X = 0.4135, Y = 0.2669, Z = 0.1191;

    private static readonly Lattice Cell = new(new(A, 0, 0), new(-A / 2, A * Math.Sqrt(3) / 2, 0), new(0, 0, 2 * C));

    /// <summary>Runs the funnel.</summary>
    /// <param name="arguments">Number of structures; a file for the journal, which stays when the run is killed.</param>
    public static void Run(string[] arguments)
    {
        int count = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 1_000_000;
        string? journal = arguments.Length > 1 ? arguments[1] : null;
        Element[] species = [.. Enumerable.Repeat(new Element(14), 6), .. Enumerable.Repeat(new Element(8), 12)];
        int[] types = [.. species.Select(e => e.Number == 8 ? 0 : 1)];
        var descriptor = new PowerSpectrumOptions { CutoffRadius = 4, MaximumOrder = 4, NeighbourCount = 12 };
        var geometry = new GeometryCheck(species, null, Cell, Periodicity.Full);
        int seen = 0;
        var clock = Stopwatch.StartNew();
        using var process = Process.GetCurrentProcess();
        var result = StreamedSelection.Run(count, () => new ShakenQuartz(), () => new StructuralDescriptor(descriptor, types, 2, Cell, Periodicity.Full), new StreamedSelectionOptions
        {
            Screen = (_, positions) =>
            {
                int now = Interlocked.Increment(ref seen);
                if (now % 100_000 == 0)
                {
                    Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{now} looked at after {clock.Elapsed.TotalSeconds:F0} s"));
                }

                return geometry.Loss(positions);
            },
            DuplicateTolerance = Duplicates,
            Clustering = new KMeansOptions { Clusters = 50 },
            JournalFile = journal,
            JournalSettings = "shaken quartz",
        });
        double seconds = clock.Elapsed.TotalSeconds;
        Console.Write(result.Funnel.ToString());
        Console.WriteLine($"digest {Digest(result)}");
        process.Refresh();
        Figure.Print($"funnel-{count}", seconds, "s");
        Figure.Print($"funnel-{count}-rate", (seen == 0 ? count : seen) / seconds, "structures/s");
        Figure.Print($"funnel-{count}-core-seconds", process.TotalProcessorTime.TotalSeconds, "s");
        Figure.Print($"funnel-{count}-peak-memory", process.PeakWorkingSet64 / 1e6, "MB");
        if (journal is not null)
        {
            Figure.Print($"funnel-{count}-journal", new FileInfo(journal).Length / 1e6, "MB");
        }
    }

    // Fates, points and choice: everything that a result is made of, to the last bit.
    private static string Digest(SelectionResult result)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int i = 0; i < result.Count; i++)
        {
            var loss = result.Why(i) ?? new Loss((LossReason)(-1));
            hash.AppendData(MemoryMarshal.AsBytes<int>([(int)loss.Reason, loss.Detail]));
        }

        hash.AppendData(MemoryMarshal.AsBytes(result.Points.Span));
        hash.AppendData(MemoryMarshal.AsBytes<int>([.. result.Picks]));
        return Convert.ToHexString(hash.GetHashAndReset())[..32];
    }

    private sealed class ShakenQuartz : IStructureSource
    {
        private const int Atoms = 18;
        private const uint Displacements = 0x5131, Choices = 0x5132;

        private static readonly double[] Perfect = Quartz();

        private readonly float[] _noise = new float[3 * Atoms];

        public void Fill(int first, int count, Span<float> positions)
        {
            for (int n = 0; n < count; n++)
            {
                int index = first + n;
                var target = positions.Slice(n * 3 * Atoms, 3 * Atoms);
                var choice = new CounterRandom(7, Choices).Sequence((uint)index);
                if (index % 10 == 9)
                {
                    // An original of the same number of tens or fewer.
                    Original(10 * choice.NextIndex(index / 10 + 1) + choice.NextIndex(9), target);
                    Move(target, choice.NextDouble(), choice.NextDouble(), choice.NextDouble());
                }
                else
                {
                    Original(index, target);
                }
            }
        }

        private void Original(int index, Span<float> target)
        {
            var random = new CounterRandom(7, Displacements).Sequence((uint)index);
            random.FillNormal(_noise);
            double deviation = 0.02 + 0.23 * random.NextDouble();
            for (int i = 0; i < target.Length; i++)
            {
                target[i] = (float)(Perfect[i] + deviation * _noise[i]);
            }
        }

        private static void Move(Span<float> target, double a, double b, double c)
        {
            var by = Cell.ToCartesian(new(a, b, c));
            for (int atom = 0; atom < Atoms; atom++)
            {
                target[3 * atom] += (float)by.X;
                target[3 * atom + 1] += (float)by.Y;
                target[3 * atom + 2] += (float)by.Z;
            }

            // The first and the last oxygen change places.
            for (int d = 0; d < 3; d++)
            {
                (target[18 + d], target[51 + d]) = (target[51 + d], target[18 + d]);
            }
        }

        private static double[] Quartz()
        {
            Vector3D[] silicon = [new(U, 0, 2.0 / 3), new(0, U, 1.0 / 3), new(-U, -U, 0)];
            Vector3D[] oxygen =
            [
                new(X, Y, Z + 2.0 / 3), new(-Y, X - Y, Z + 1.0 / 3), new(Y - X, -X, Z),
                new(Y, X, -Z + 1.0 / 3), new(X - Y, -Y, -Z), new(-X, Y - X, -Z + 2.0 / 3),
            ];
            var all = new List<double>();
            foreach (var site in silicon.SelectMany(Doubled).Concat(oxygen.SelectMany(Doubled)))
            {
                var position = Cell.ToCartesian(site);
                all.AddRange([position.X, position.Y, position.Z]);
            }

            return [.. all];

            static Vector3D[] Doubled(Vector3D f) => [new(f.X, f.Y, f.Z / 2), new(f.X, f.Y, f.Z / 2 + 0.5)];
        }
    }
}
