using System.Text;
using Polymorph.Structures.Formats;
using Polymorph.Structures.Symmetry;

namespace Polymorph.Benchmarks;

/// <summary>CIF files written and read per second on one core, in P 1 and with symmetry operations, in memory. Opponents: pymatgen, ASE.</summary>
internal static class CifBenchmark
{
    public static void Run(string[] arguments)
    {
        var few = BenchmarkCrystals.Read(100);
        var units = few.ConvertAll(c => SymmetryFinder.Find(c).AsymmetricUnit);
        var plain = few.ConvertAll(c => Text(w => StructureWriter.Write(w, c, StructureFormat.Cif)));
        var symmetric = units.ConvertAll(u => Text(w => StructureWriter.WriteSymmetric(w, u)));
        double write = BenchmarkCrystals.Rate(few, c => Text(w => StructureWriter.Write(w, c, StructureFormat.Cif)), 15);
        double read = BenchmarkCrystals.Rate(plain, Read, 15);
        double writeSymmetric = BenchmarkCrystals.Rate(units, u => Text(w => StructureWriter.WriteSymmetric(w, u)), 15);
        double readSymmetric = BenchmarkCrystals.Rate(symmetric, Read, 15);
        double findAndWrite = BenchmarkCrystals.Rate(few, c => Text(w => StructureWriter.WriteSymmetric(w, SymmetryFinder.Find(c).AsymmetricUnit)), 5);
        Figure.Print("cif-write", write, "files/s/core");
        Figure.Print("cif-read", read, "files/s/core");
        Figure.Print("cif-write-and-read", Both(write, read), "files/s/core");
        Figure.Print("cif-symmetric-write", writeSymmetric, "files/s/core");
        Figure.Print("cif-symmetric-read", readSymmetric, "files/s/core");
        Figure.Print("cif-symmetric-write-and-read", Both(writeSymmetric, readSymmetric), "files/s/core");
        Figure.Print("cif-symmetric-find-and-write", findAndWrite, "files/s/core");
        if (BenchmarkCrystals.Opponent(few, "cif") is not { } answer)
        {
            return;
        }

        foreach (var rate in answer.EnumerateObject())
        {
            Figure.Print($"cif-opponent-{rate.Name}", rate.Value.GetDouble(), "files/s/core");
        }

        double Of(string name) => answer.GetProperty(name).GetDouble();
        Figure.Print("cif-read-over-best", read / Math.Max(Of("pymatgen-read"), Of("ase-read")), "times");
        Figure.Print("cif-write-over-best", write / Math.Max(Of("pymatgen-write"), Of("ase-write")), "times");
        Figure.Print("cif-write-and-read-over-best", Both(write, read) / Math.Max(Both(Of("pymatgen-write"), Of("pymatgen-read")), Both(Of("ase-write"), Of("ase-read"))), "times");
        Figure.Print("cif-symmetric-read-over-best", readSymmetric / Math.Max(Of("pymatgen-read-symmetric"), Of("ase-read-symmetric")), "times");
        Figure.Print("cif-symmetric-find-and-write-over-pymatgen", findAndWrite / Of("pymatgen-write-symmetric"), "times");
    }

    /// <summary>The rate of doing both, one after the other.</summary>
    private static double Both(double a, double b) => 1 / (1 / a + 1 / b);

    private static byte[] Text(Action<TextWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new StreamWriter(stream, new UTF8Encoding(false)))
        {
            write(writer);
        }

        return stream.ToArray();
    }

    private static void Read(byte[] text)
    {
        foreach (var entry in StructureReader.Read(new MemoryStream(text), "a.cif"))
        {
            _ = entry.Structure ?? throw entry.Rejection!.ToException();
        }
    }
}
