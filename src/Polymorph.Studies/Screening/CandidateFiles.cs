using Polymorph.Foundation;
using Polymorph.Screening.Compositions;
using Polymorph.Screening.Corrections;
using Polymorph.Screening.Entries;
using Polymorph.Screening.Hull;
using Polymorph.Structures.Formats;
using Polymorph.Studies.Cgcnn;
using Polymorph.Studies.CrystalGan;
using Polymorph.Studies.Runs;

namespace Polymorph.Studies.Screening;

/// <summary>Reads the candidates: structures in any format, or tables of energies.</summary>
internal static class CandidateFiles
{
    /// <summary>All candidates.</summary>
    /// <param name="files">Files and folders; of a run folder its relaxed structures.</param>
    /// <param name="recipe">Says the method of energies whose file does not.</param>
    /// <param name="known">The references, whose elements help to tell energies per atom from totals.</param>
    /// <param name="options">How structures are read.</param>
    /// <param name="observer">Told of what cannot be read.</param>
    /// <returns>The candidates and the number of entries that could not be read.</returns>
    /// <exception cref="PolymorphException">PM5208: energies per atom given as totals; PM7408: there is none; PM7411: two have one name; the reason of the first entry where none can be read.</exception>
    public static (List<ScreeningCandidate> Candidates, int Unread) Read(IReadOnlyList<string> files, ScreeningRecipe recipe, KnownPhases known, ReadOptions options, IStudyObserver observer)
    {
        var candidates = new List<ScreeningCandidate>();
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        int unread = 0;
        Rejection? first = null;
        foreach (string given in files)
        {
            string file = SourceOf(given);
            bool isRun = file != given;
            int unrelaxed = 0;
            if (HullEntryFile.IsTableOfEnergies(file))
            {
                foreach (var entry in HullEntryFile.Read(file, recipe.Unit == EnergyUnit.Detect ? EnergyUnit.Total : recipe.Unit))
                {
                    Add(new ScreeningCandidate(entry.Id, file, entry.Composition, null) { EnergyEV = entry.EnergyEV, Method = entry.Method ?? recipe.Method }, entry.Run);
                }

                continue;
            }

            foreach (var (structure, rejection) in StructureReader.Read(file, isRun ? options with { MinDistance = 0 } : options))
            {
                if (structure is null)
                {
                    first ??= rejection;
                    unread++;
                    observer.Note($"left out: {rejection}");
                    continue;
                }

                // What a run did not bring to a minimum has an energy that means nothing here.
                if (isRun && structure.Properties.GetValueOrDefault("status") is not "converged")
                {
                    unrelaxed++;
                    continue;
                }

                var energy = HullEntryFile.EnergyOf(structure);
                double factor = recipe.Unit == EnergyUnit.PerAtom ? structure.AtomCount : 1;
                Add(new ScreeningCandidate(HullEntryFile.NameOf(structure), file, new ElementAmounts(structure.Composition), structure)
                {
                    EnergyEV = energy?.EnergyEV * factor,
                    Method = energy is null ? null : energy.Value.Method ?? recipe.Method,
                }, recipe.IsCorrected ? HullEntryFile.RunOf(structure) : null);
            }

            if (unrelaxed > 0)
            {
                observer.Note($"{given}: {unrelaxed} structures of the run did not converge and are no candidates.");
            }
        }

        if (recipe.Unit == EnergyUnit.Detect)
        {
            CheckUnit(candidates, known, observer);
        }

        return candidates.Count > 0 ? (candidates, unread)
            : throw (first?.ToException() ?? new PolymorphException("PM7408", "there is no candidate to screen", null, "Give files with structures, or a table with id, formula and energy_eV."));

        void Add(ScreeningCandidate candidate, ComputedRun? run)
        {
            if (!names.TryAdd(candidate.Id, candidate.Source))
            {
                throw new PolymorphException("PM7411", $"two candidates have the name '{candidate.Id}', one in {names[candidate.Id]}", candidate.Source, "Give each its own property 'id'; the results name candidates by it.");
            }

            if (recipe.IsCorrected && candidate.EnergyEV is not null)
            {
                candidate.Correct(RunCorrections.Of(candidate.Entry! with { Run = run }, candidate.Source));
            }

            candidates.Add(candidate);
        }
    }

    /// <summary>The file that candidates are read from: of a run folder its relaxed structures.</summary>
    /// <param name="path">A file or folder.</param>
    /// <exception cref="PolymorphException">PM7027: nothing has been relaxed in this run; PM7301, PM7347: a run without relaxations.</exception>
    public static string SourceOf(string path)
    {
        CgcnnRun.Refuse(path);
        CrystalGanRun.Refuse(path);
        var run = RunFolder.Of(path);
        return !run.HasStudy || !File.Exists(run.ResolvedFile) ? path
            : File.Exists(run.RelaxedFile) ? run.RelaxedFile
            : throw RunFolder.NothingRelaxed(path);
    }

    // Structures carry totals by convention: what cannot be told is worth a word for tables only.
    private static void CheckUnit(List<ScreeningCandidate> candidates, KnownPhases known, IStudyObserver observer)
    {
        foreach (var group in candidates.Where(c => c.EnergyEV is not null).GroupBy(c => (c.Source, c.Method)))
        {
            var entries = group.Select(c => new HullEntry(c.Id, c.Composition, c.EnergyEV!.Value, c.Method)).ToList();
            if (EnergyUnitCheck.Refuse(entries, group.Key.Source, known.EntriesOf(group.Key.Method)) == EnergyUnitVerdict.Unknown && group.All(c => c.Structure is null))
            {
                observer.Note($"{Path.GetFileName(group.Key.Source)}: whether the energies are totals for the formulas as written, as they are taken, cannot be told; 'energies: total' or 'energies: per-atom' in the recipe says it.");
            }
        }
    }
}
