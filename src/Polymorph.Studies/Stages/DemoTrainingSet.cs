using Polymorph.Structures;
using Polymorph.Structures.Formats;

namespace Polymorph.Studies.Stages;

/// <summary>The known molecules that come with the program: GFN2-xTB geometries of the 7 isomers of C4H10O and the 32 of C6H14O.</summary>
/// <remarks>Made by <c>eng/demo-training-set</c>. No isomer of C5H12O is among them.</remarks>
public static class DemoTrainingSet
{
    private const string Resource = "demo-training-set.extxyz";

    /// <summary>Reads the molecules.</summary>
    public static IReadOnlyList<Structure> Read() =>
        [.. StructureReader.Read(typeof(DemoTrainingSet).Assembly.GetManifestResourceStream(Resource)!, Resource, new ReadOptions { Strict = true }).Select(r => r.Structure!)];
}
