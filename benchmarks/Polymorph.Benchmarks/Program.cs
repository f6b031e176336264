using Polymorph.Benchmarks;

var benchmarks = new SortedDictionary<string, Action<string[]>>(StringComparer.Ordinal)
{
    ["ani"] = AniBenchmark.Run,
    ["cgcnn"] = CgcnnBenchmark.Run,
    ["cif"] = CifBenchmark.Run,
    ["crystal-gan"] = CrystalGanBenchmark.Run,
    ["crystal-sampling"] = CrystalSamplingBenchmark.Run,
    ["descriptors"] = DescriptorsBenchmark.Run,
    ["fingerprints"] = FingerprintBenchmark.Run,
    ["generate-select"] = GenerateSelectBenchmark.Run,
    ["hull"] = HullBenchmark.Run,
    ["ipi-overhead"] = IPiBenchmark.Run,
    ["isomer-curve"] = IsomerCurve.Run,
    ["isomers"] = IsomersBenchmark.Run,
    ["label-silica"] = SilicaLabels.Run,
    ["logan-ensemble"] = LoGanEnsembleBenchmark.Run,
    ["logan-epoch"] = LoGanEpochBenchmark.Run,
    ["logan-memory"] = LoGanEnsembleBenchmark.Memory,
    ["match"] = MatchBenchmark.Run,
    ["million-funnel"] = MillionFunnel.Run,
    ["mgmno-study"] = MgMnOStudy.Run,
    ["neural-potential"] = NeuralPotentialBenchmark.Run,
    ["neural-potential-recovery"] = NeuralPotentialRecovery.Run,
    ["pourbaix"] = PourbaixBenchmark.Run,
    ["published-study-relax"] = PublishedStudyRelaxation.Run,
    ["published-study-table"] = PublishedStudyTable.Run,
    ["published-study-train"] = PublishedStudy.Train,
    ["relaxation-evaluations"] = RelaxationBenchmark.Run,
    ["relaxations-per-minute"] = RelaxationRateBenchmark.Run,
    ["silica-study"] = SilicaStudy.Run,
    ["symmetry"] = SymmetryBenchmark.Run,
    ["tensornet"] = TensorNetBenchmark.Run,
    ["xrd"] = XrdBenchmark.Run,
};
if (args.Length == 0 || !benchmarks.TryGetValue(args[0], out var run))
{
    Console.Error.WriteLine($"usage: dotnet run -c Release --project benchmarks/Polymorph.Benchmarks -- NAME [ARGUMENTS]{Environment.NewLine}names: {string.Join(", ", benchmarks.Keys)}");
    return 2;
}

run(args[1..]);
return 0;
